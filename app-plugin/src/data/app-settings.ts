import { useMutation } from '@tanstack/react-query';
import { APP_ID } from '../plugin-id';
import type { AppSettings } from '../settings';
import { request } from './request';

interface PluginState {
  readonly enabled: boolean;
  readonly pinned: boolean;
  readonly jsonData: AppSettings;
}

/** Saves the app's settings. Grafana reads them into the page at its start only, so the page is loaded again. */
export function useSaveSettings(onSaved: () => void) {
  return useMutation({
    mutationFn: (state: PluginState) => request<unknown>(`/api/plugins/${APP_ID}/settings`, { method: 'POST', data: state }),
    meta: { success: 'The configuration is saved' },
    onSuccess: onSaved,
  });
}
