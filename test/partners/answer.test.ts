import { describeAnswer, parseAnswer } from '../../src/partners/answer';

const answer = (status: number, body: string): ReturnType<typeof parseAnswer> =>
  parseAnswer({ ok: true, status, headers: {}, body: Buffer.from(body) });

describe('parseAnswer', () => {
  it.each<[string, number, string, object]>([
    ['an envelope', 200, '{"status_code":1000,"data":[1]}', { success: true, data: [1] }],
    ['201 and 1000', 201, '{"status_code":1000}', { success: true, data: undefined }],
    ['another 1xxx', 200, '{"status_code":1999}', { success: true }],
    ['an empty 200', 200, '', { success: true, status_code: 1000 }],
    ['an empty 204 with spaces', 204, ' \n', { success: true }],
    ['a byte order mark', 200, '\uFEFF{"status_code":1000}', { success: true }],
    ['a status_code as text', 200, '{"status_code":"1000"}', { success: true, status_code: 1000 }],
    ['2001', 200, '{"status_code":2001,"status_message":"no"}', { success: false, status_message: 'no' }],
    ['1000 under 404', 404, '{"status_code":1000}', { success: false, status_code: 1000 }],
    ['3000 under 500', 500, '{"status_code":3000}', { success: false, status_code: 3000 }],
  ])('reads %s', (_what, status, body, expected) => {
    expect(answer(status, body)).toMatchObject({ kind: 'ocpi', http: status, ...expected });
  });

  it.each([
    [200, '<html>'],
    [200, '[]'],
    [200, '7'],
    [200, 'null'],
    [200, '{"data":[]}'],
    [502, ''],
    [404, 'Not Found'],
  ])('finds no OCPI in %i %p', (status, body) => {
    expect(answer(status, body)).toMatchObject({ kind: 'not_ocpi', http: status });
  });

  it('is described without its data', () => {
    const secret = answer(200, '{"status_code":2000,"status_message":"m","data":{"token":"secret"}}');
    expect(describeAnswer(secret)).toBe('HTTP 200, status_code 2000: m');
  });

  it.each([
    ['status_message', 401, '{"status_code":2001,"status_message":"unknown: TOKEN"}'],
    ['what is no OCPI', 401, 'unknown: TOKEN'],
  ])('shows in %s no token that was sent, plain or in Base64', (_what, status, body) => {
    const token = 'secret-token-1';
    for (const form of [token, Buffer.from(token).toString('base64')]) {
      const bytes = Buffer.from(body.replace('TOKEN', form));
      const read = parseAnswer({ ok: true, status, headers: { location: `/${form}` }, body: bytes }, token);
      expect(JSON.stringify(read, ['kind', 'detail', 'words', 'status_message'])).toContain('unknown: ***');
      expect(describeAnswer(read)).not.toContain(form);
    }
  });
});
