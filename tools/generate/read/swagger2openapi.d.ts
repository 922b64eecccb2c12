declare module "swagger2openapi" {
  type Options = { text: string; anchors: boolean; warnOnly: boolean };
  const converter: { convertObj(swagger: object, options: Options): Promise<{ openapi: object }> };
  export default converter;
}
