import { act, renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { forgetDrafts, useDraft } from './drafts.ts';

beforeEach(() => localStorage.clear());

describe('what somebody types', () => {
  it('is there again when the form opens anew, and says so', () => {
    const first = renderHook(() => useDraft('log.1', ''));
    expect(first.result.current.restored).toBe(false);
    act(() => first.result.current.change('Rückruf zugesagt'));
    first.unmount();
    const again = renderHook(() => useDraft('log.1', ''));
    expect(again.result.current).toMatchObject({ value: 'Rückruf zugesagt', restored: true });
    expect(again.result.current.at).toBeInstanceOf(Date);
  });

  it('is gone when the server has it', () => {
    const { result, unmount } = renderHook(() => useDraft('log.2', 'leer'));
    act(() => result.current.change('voll'));
    act(() => result.current.clear());
    expect(result.current).toMatchObject({ value: 'leer', at: undefined });
    unmount();
    expect(renderHook(() => useDraft('log.2', 'leer')).result.current.restored).toBe(false);
  });

  it('leaves the device when the person signs out, and nothing else does', () => {
    localStorage.setItem('tom.language', 'en');
    const { result } = renderHook(() => useDraft('log.3', ''));
    act(() => result.current.change('privat'));
    forgetDrafts();
    expect(Object.keys(localStorage)).toEqual(['tom.language']);
  });

  it('that cannot be read is as if it were not there', () => {
    localStorage.setItem('tom.draft.log.4', '{halb');
    expect(renderHook(() => useDraft('log.4', 'neu')).result.current).toMatchObject({ value: 'neu', restored: false });
  });
});
