import { isError } from '@tom/catalog';
import type { ServiceParts } from '@tom/service';
import { Gauge } from 'prom-client';
import type { Templates } from './adapters/template-store.ts';
import type { TemplateKeeper } from './use-cases/keep-templates.ts';

/** Figures of the templates, read when somebody asks: what keeps them from being taken up, and which are in force. */
export function measureTemplates(metrics: ServiceParts['metrics'], keeper: TemplateKeeper, templates: Templates): void {
  new Gauge({
    name: 'tom_template_problems',
    help: 'Problems that keep templates from being taken up; what was in force before stays.',
    registers: [metrics],
    collect() {
      this.set(keeper.problems().filter(isError).length);
    },
  });
  new Gauge({
    name: 'tom_template_version',
    help: 'The version of each template by which this instance works.',
    labelNames: ['template'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { key, version } of templates.current) this.set({ template: key }, version);
    },
  });
}
