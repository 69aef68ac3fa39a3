/** What a runtime hands in with each request, and what our middleware leaves for handlers. */
export type Env = {
  Bindings: {
    /** The client's IP address: the socket's, or a trusted proxy's word for it. Absent where the runtime knows none. */
    clientAddress?: string;
  };
  Variables: { requestId: string };
};
