import { DomainError } from '@tom/kernel';
import type { CaseTemplate, OrgFacts } from '@tom/workflow';

/** A template looks only at companies of its kinds, whoever starts it. */
export function mustBeOfKind(template: Pick<CaseTemplate, 'orgKinds'>, org: OrgFacts): void {
  if (template.orgKinds.has(org.orgKind)) return;
  throw DomainError.rulesUnmet('The template is not for this kind of company.', [
    {
      rule: 'ORG_KIND',
      met: false,
      message: {
        de: 'Das Unternehmen ist von einer Art, für die diese Vorlage gilt.',
        en: 'The company is of a kind that this template is for.',
      },
      value: org.orgKind,
      hint: { de: `Arten: ${[...template.orgKinds].join(', ')}.`, en: `Kinds: ${[...template.orgKinds].join(', ')}.` },
    },
  ]);
}
