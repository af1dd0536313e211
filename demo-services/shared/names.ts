export const serviceNames = ['user-service', 'product-service', 'order-service', 'notification-service'] as const;

export type ServiceName = (typeof serviceNames)[number];
