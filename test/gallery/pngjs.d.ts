/** The part of pngjs in use: it comes without types. */
declare module "pngjs" {
  export const PNG: Readonly<{
    sync: Readonly<{ read(file: Uint8Array): Readonly<{ data: Uint8Array; width: number; height: number }> }>;
  }>;
}
