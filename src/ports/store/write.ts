declare const writeBrand: unique symbol;

/** A prepared write with its values, not yet carried out. */
export type Write = Readonly<{ [writeBrand]: true }>;
