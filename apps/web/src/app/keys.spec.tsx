import { cleanup, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenToKeys, setSingleKeys, useKeys, type Binding } from './keys.ts';

let stop: () => void;
const ran: string[] = [];
const note = (name: string) => ({ run: () => void ran.push(name) });

beforeEach(() => {
  ran.length = 0;
  setSingleKeys(true);
  stop = listenToKeys();
});
afterEach(() => {
  stop();
  cleanup();
});

function Bound({ bindings, active }: { readonly bindings: readonly Binding[]; readonly active?: boolean }) {
  useKeys(bindings, active);
  return <input aria-label="field" />;
}

describe('keys', () => {
  it('run what they are bound to; what was mounted last comes first', async () => {
    render(<Bound bindings={[{ key: 'a', ...note('page') }, { key: 'b', ...note('page b') }]} />);
    render(<Bound bindings={[{ key: 'a', ...note('form') }]} />);
    await userEvent.keyboard('ab');
    expect(ran).toEqual(['form', 'page b']);
  });

  it('alone are letters while a field has the focus; with Ctrl, and Escape, they are not', async () => {
    const { getAllByLabelText } = render(<Bound bindings={[{ key: 'c', ...note('c') }, { key: 'mod+Enter', ...note('save') }, { key: 'Escape', ...note('close') }]} />);
    getAllByLabelText('field')[0]?.focus();
    await userEvent.keyboard('c{Control>}{Enter}{/Control}{Escape}');
    expect(ran).toEqual(['save', 'close']);
  });

  it('may come two in a row', async () => {
    render(<Bound bindings={[{ key: 'g a', ...note('work') }, { key: 'a', ...note('log') }]} />);
    await userEvent.keyboard('gaa');
    expect(ran).toEqual(['work', 'log']);
  });

  it('alone can be switched off', async () => {
    setSingleKeys(false);
    render(<Bound bindings={[{ key: 'd', ...note('d') }, { key: 'mod+k', ...note('palette') }]} />);
    await userEvent.keyboard('d{Control>}k{/Control}');
    expect(ran).toEqual(['palette']);
  });

  it('leave Enter and the space bar to what can be pressed by them', async () => {
    render(<Bound bindings={[{ key: 'Enter', ...note('open') }, { key: ' ', ...note('peek') }, { key: 'j', ...note('next') }]} />);
    const { getByRole } = render(
      <>
        <button type="button" onClick={() => void ran.push('pressed')}>press</button>
        <a href="#there" onClick={() => void ran.push('followed')}>follow</a>
      </>,
    );
    getByRole('button').focus();
    await userEvent.keyboard('{Enter} j');
    expect(ran).toEqual(['pressed', 'pressed', 'next']);
    ran.length = 0;
    getByRole('link').focus();
    await userEvent.keyboard('{Enter} ');
    expect(ran).toEqual(['followed', 'peek']);
  });

  it('of a part that steps aside are free for the others', async () => {
    render(<Bound bindings={[{ key: 'x', ...note('page') }]} />);
    render(<Bound bindings={[{ key: 'x', ...note('dialog') }]} active={false} />);
    await userEvent.keyboard('x');
    expect(ran).toEqual(['page']);
  });
});
