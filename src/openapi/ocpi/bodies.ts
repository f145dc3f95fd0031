import type { OcpiError } from '../../errors';
import type { DtoClass } from '../../ocpi/check';
import { resultsOf, type ModuleDescriptor } from '../../ocpi/module';
import type { Version } from '../../ocpi/version';
import { storedVersion } from '../../ocpi/versions';
import { refusal, success } from '../responses';
import { exampleOf, shown } from '../examples';
import { classOf, type Shape } from './route-shape';

/* What OCPI requests and answers hold: schemas and examples, both named by the class of the object. */

type Json = Record<string, unknown>;

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Data of an answer: the class or the enum that it is of, and whether it is a list. */
interface Data {
  name: string;
  schema: Json;
  list: boolean;
}

const ofClass = (cls: DtoClass, list = false): Data => ({
  name: cls.name,
  schema: schemaRef(cls.name),
  list,
});

/** What endpoints of no functional module answer: versions, details, credentials, hubclientinfo. */
function ownData({ route, version, name }: Shape): Data | undefined {
  if (!version) return ofClass(storedVersion.versionDto, true);
  const { credentials, hubclientinfo } = version;
  if (name === hubclientinfo.identifier) return ofClass(hubclientinfo.dto, true);
  if (name !== credentials.identifier) return ofClass(version.detailsDto);
  return route.method === 'DELETE' ? undefined : ofClass(credentials.dto);
}

function requestData(answer: DtoClass | string | undefined): Data | undefined {
  if (typeof answer !== 'string') return answer && ofClass(answer);
  return { name: answer, schema: { type: 'string', description: answer }, list: false };
}

/**
 * Objects are answered as their owner sent them: those of a lenient partner may break their schema. `x-as-sent` says
 * so to those who check answers.
 */
function sentData(shape: Shape): Data | undefined {
  const cls = classOf(shape);
  if (shape.route.method !== 'GET' || !cls) return undefined;
  return { name: cls.name, schema: schemaRef(cls.name), list: shape.isList };
}

function dataSchema(shape: Shape, { schema, list }: Data): Json {
  const whole = list ? { type: 'array', items: schema } : schema;
  return shape.module ? { allOf: [whole], 'x-as-sent': true } : whole;
}

/** What is answered under HTTP 200: an object that breaks a rule, or a message that cannot be routed. */
const REFUSED: OcpiError = { kind: 'Invalid', message: '$.last_updated: is required' };

function examplesOf(data: Data | undefined): Json {
  const example = data && exampleOf(data.name);
  const done = success(data?.list && example !== undefined ? [example] : example);
  return {
    done: { summary: 'Done', value: done },
    refused: { summary: 'Refused by OCPI', value: refusal(REFUSED) },
  };
}

/** The content of a successful answer. */
export function answerContent(shape: Shape): Json {
  const { request } = shape;
  const data = !shape.module ? ownData(shape) : request ? requestData(request.answer) : sentData(shape);
  return envelopeContent(shape, data);
}

/** The content of an answer without data. */
export const emptyContent = (shape: Shape): Json => envelopeContent(shape, undefined);

function envelopeContent(shape: Shape, data: Data | undefined): Json {
  const envelope = schemaRef('Envelope');
  const schema = data
    ? { allOf: [envelope, { type: 'object', properties: { data: dataSchema(shape, data) } }] }
    : envelope;
  return { 'application/json': { schema, examples: examplesOf(data) } };
}

const bodyOf = (name: string): Json => ({ schema: schemaRef(name), ...shown(name) });

/** What is posted to the URLs that the hub handed out for a module's requests. */
function resultBody(version: Version, module: ModuleDescriptor): Json {
  const names = resultsOf(module).map((name) => version.results[name].name);
  const [first = ''] = names;
  return names.length === 1 ? bodyOf(first) : { schema: { anyOf: names.map(schemaRef) }, ...shown(first) };
}

/** A part of an object. */
function patchBody(shape: Shape): Json {
  const name = classOf(shape)?.name;
  return { schema: schemaRef('Patch'), ...shown(name && `${name}.patch`) };
}

function body(shape: Shape): Json | undefined {
  const { route, version, module, request } = shape;
  if (route.method === 'GET' || route.method === 'DELETE' || !version) return undefined;
  if (!module) return bodyOf(version.credentials.dto.name);
  if (shape.handedOut) return resultBody(version, module);
  if (request) return request.body && bodyOf(request.body.name);
  if (route.method === 'PATCH') return patchBody(shape);
  const cls = classOf(shape);
  return cls ? bodyOf(cls.name) : { schema: { type: 'object' } };
}

/** The body of a request, where it has one. */
export function requestBody(shape: Shape): Json {
  const content = body(shape);
  if (!content) return {};
  return {
    requestBody: { required: !shape.request?.bodyIsOptional, content: { 'application/json': content } },
  };
}
