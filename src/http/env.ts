/** What our middleware leaves for handlers. */
export type Env = { Variables: { requestId: string } };
