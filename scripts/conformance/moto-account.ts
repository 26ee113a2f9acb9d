/** moto's only account, and keys that it takes as any others. */
export const MOTO_ACCOUNT = '123456789012';
export const MOTO_KEYS = { accessKeyId: 'moto', secretAccessKey: 'moto' };
