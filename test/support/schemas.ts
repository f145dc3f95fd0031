import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { openapiDocument } from '../../src/openapi';

/*
 * JSON Schema as a partner's tools read openapi.yaml: one compiler over the whole document, each schema compiled once.
 */

const DOCUMENT = 'openapi';

/** The document is no JSON Schema itself, and formats are told, not checked. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, allErrors: false });
ajv.addSchema({ $id: DOCUMENT, ...openapiDocument() });

const compiled = new Map<string, ValidateFunction>();

/** The validator of a place in the document. @param pointer its JSON pointer, e.g. /components/schemas/Token */
export function schemaAt(pointer: string): ValidateFunction {
  let validate = compiled.get(pointer);
  if (!validate) compiled.set(pointer, (validate = ajv.compile({ $ref: `${DOCUMENT}#${pointer}` })));
  return validate;
}
