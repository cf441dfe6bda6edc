import type { components } from '@tom/contracts/edge';

export type ProblemBody = components['schemas']['Problem'];
export type RuleResult = components['schemas']['RuleResult'];

/** What the server answered instead of what was asked for; `status` 0 when there was no answer at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody;
  /** Seconds to wait before another try, when the server says so. */
  readonly retryAfter: number | undefined;

  constructor(body: ProblemBody, retryAfter?: number) {
    super(body.detail);
    this.name = 'ApiProblem';
    this.status = body.status;
    this.code = body.code;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** The rules that refused, of RULES_UNMET. */
  get unmet(): readonly RuleResult[] {
    return (this.body['unmet'] as RuleResult[] | undefined) ?? [];
  }

  /** Whether the same may go well later without anybody changing anything. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What an answer that is not a success says. Never throws itself: an answer that is no problem document is one, too. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const body = (await response.json().catch(() => undefined)) as Partial<ProblemBody> | undefined;
  const known = {
    type: 'about:blank',
    title: body?.title ?? response.statusText,
    status: response.status,
    detail: body?.detail ?? response.statusText,
    instance: body?.instance ?? '',
    code: body?.code ?? 'UNKNOWN',
    ...body,
  };
  return new ApiProblem(known, Number.isFinite(retryAfter) ? retryAfter : undefined);
}

/** A refusal that was foretold, as the real request would meet it. */
export function refusalOf(foretold: { readonly code: string; readonly detail: string }): ApiProblem {
  return new ApiProblem({ type: 'about:blank', title: '', status: 409, instance: '', ...foretold });
}

/** No answer came: the network or the gateway is away. */
export function unreachable(): ApiProblem {
  return new ApiProblem({ type: 'about:blank', title: 'unreachable', status: 0, detail: 'unreachable', instance: '', code: 'UNREACHABLE' });
}
