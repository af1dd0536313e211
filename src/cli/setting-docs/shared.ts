/** What a setting is for, and what holds where it is left out. */
export type SettingDoc = readonly [says: string, otherwise?: string];

export type SettingDocs = Readonly<Record<string, SettingDoc>>;

export const TLS =
  'whom to trust and who one is: PEM files beside the flow, or PEM texts; `insecure: true` trusts any certificate';

export const BROKERS: SettingDocs = {
  connection: ['the brokers of this name in testmesh.yaml, in the place of `brokers`, `sasl` and `tls`'],
  brokers: ['addresses of the cluster, `host:port`, several with commas or as a list'],
  sasl: ['how one gets in: `mechanism` is plain, scram-sha-256 or scram-sha-512'],
  tls: [`true, or ${TLS}`, 'false'],
};

/** The limit of most actions: that of the step, where it has one, is never exceeded. */
export const DEADLINE = '30s, or the `timeout` of the step';
