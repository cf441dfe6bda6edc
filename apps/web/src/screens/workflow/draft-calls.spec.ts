import { afterEach, describe, expect, it, vi } from 'vitest';
import { isNotOffered, simulateDraft, validateDraft } from './draft-calls.ts';

const answer = (body: string, status = 200) => vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(body, { status }))));
const signal = new AbortController().signal;
const result = { events: 3, orgs: 1, changedOrgs: 0, totals: {}, differences: [] };

afterEach(() => vi.unstubAllGlobals());

describe('a simulation', () => {
  it('tells its progress, then its result', async () => {
    answer(`event: progress\ndata: {"events":1,"total":3,"orgs":1}\n\n: alive\n\nevent: result\ndata: ${JSON.stringify(result)}\n\n`);
    const steps: number[] = [];
    expect(await simulateDraft({ template: 'key: a' }, signal, ({ events }) => steps.push(events))).toEqual(result);
    expect(steps).toEqual([1]);
  });

  it('fails with what it was told, or when it just ends', async () => {
    answer('event: problem\ndata: {"status":503,"code":"UNAVAILABLE","detail":"later"}\n\n');
    await expect(simulateDraft({ template: '' }, signal, () => undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    answer('event: progress\ndata: {"events":1,"total":3,"orgs":1}\n\n');
    await expect(simulateDraft({ template: '' }, signal, () => undefined)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('that a system does not offer is no failure of the draft', async () => {
    answer('{"status":405,"code":"METHOD_NOT_ALLOWED"}', 405);
    const refused = await simulateDraft({ template: '' }, signal, () => undefined).catch((error: unknown) => error);
    expect(isNotOffered(refused)).toBe(true);
    answer('{"status":400,"code":"VALIDATION_FAILED"}', 400);
    expect(isNotOffered(await simulateDraft({ template: '' }, signal, () => undefined).catch((error: unknown) => error))).toBe(false);
  });
});

describe('a validation', () => {
  it('says what is wrong, and nothing where there is none', async () => {
    answer('{"valid":false,"problems":[{"path":"a","line":1,"column":1,"message":"m","expected":"e"}]}');
    expect(await validateDraft('a', signal)).toMatchObject({ valid: false, problems: [{ line: 1 }] });
    answer('{"status":404,"code":"NOT_FOUND"}', 404);
    expect(await validateDraft('a', signal)).toBeNull();
  });
});
