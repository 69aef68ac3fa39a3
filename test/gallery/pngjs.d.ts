/** The part of pngjs in use: it comes without types. */
declare module "pngjs" {
  type Picture = Readonly<{ data: Uint8Array; width: number; height: number }>;
  export const PNG: {
    new (size: Readonly<{ width: number; height: number }>): Picture;
    readonly sync: Readonly<{ read(file: Uint8Array): Picture; write(picture: Picture): Buffer }>;
  };
}
