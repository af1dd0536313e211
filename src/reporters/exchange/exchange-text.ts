/** What went over the wire, in words. */
export interface ExchangeText {
  /** `POST http://localhost:5003/api/v1/orders`, the SQL text. */
  readonly sent?: string | undefined;
  readonly sentBody?: string | undefined;
  /** `201 application/json`. */
  readonly received?: string | undefined;
  readonly receivedBody?: string | undefined;
  /** A line to repeat it by hand: `curl …`, `psql …`, `kcat …`. */
  readonly byHand?: string | undefined;
}
