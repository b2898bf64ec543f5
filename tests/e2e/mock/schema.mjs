// Holds what the stand-in says against openapi.json, so that pages are never built on answers the service would not give.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export function checker() {
  const spec = JSON.parse(readFileSync(new URL('../../../adapters/api/openapi.json', import.meta.url), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  formats(ajv);
  ajv.addFormat('int64', true);
  ajv.addFormat('password', true);
  ajv.addFormat('binary', true);
  ajv.addSchema({ $id: 'api', components: { schemas: spec.components.schemas } });
  return (name, value) => {
    const validate = ajv.getSchema(`api#/components/schemas/${name}`);
    if (!validate) throw new Error(`no schema ${name}`);
    if (!validate(value)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}`);
  };
}
