import { drawn, oneOf } from './draw.ts';
import type { Values } from '../table.ts';

/** Devices as rows, so that make, model, system and browser of an event fit each other. */
const MODELS: readonly (readonly [os: string, version: string, make: string, model: string, browser: string, environment: string])[] = [
  // Phones
  ['iOS', '18.2', 'Apple', 'iPhone', 'Mobile Safari', 'Web'],
  ['iOS', '17.5.1', 'Apple', 'iPhone', 'iOS WebView', 'App'],
  ['Android', '15', 'Samsung', 'Galaxy', 'Chrome', 'Web'],
  ['Android', '14', 'Google', 'Pixel', 'Android App', 'App'],
  // Computers
  ['Windows', '11', 'Generic', 'PC', 'Chrome', 'Web'],
  ['Windows', '10', 'Generic', 'PC', 'Edge', 'Web'],
  ['macOS', '15.1', 'Apple', 'Mac', 'Safari', 'Web'],
  ['macOS', '14.6', 'Apple', 'Mac', 'Firefox', 'Web'],
  // Tablets
  ['iOS', '18.2', 'Apple', 'iPad', 'Mobile Safari', 'Web'],
  ['Android', '14', 'Samsung', 'Galaxy Tab', 'Chrome', 'Web'],
  ['Fire OS', '8', 'Amazon', 'Fire HD 10', 'Amazon Silk', 'Web'],
  ['Fire OS', '8', 'Amazon', 'Fire HD 8', 'Android App', 'App'],
  // Television sets
  ['Fire OS', '7', 'Amazon', 'Fire TV Stick', 'Android App', 'App'],
  ['Fire OS', '8', 'Amazon', 'Fire TV Cube', 'Android App', 'App'],
  ['Roku OS', '14.0', 'Roku', 'Roku Express', 'Roku App', 'App'],
  ['Android', '12', 'Sony', 'Bravia', 'Android App', 'App'],
];

const TYPE = `${drawn('device', 2)}`;
const MODEL = `${TYPE} * 4 + ${drawn('deviceModel', 2)}`;
const field = (index: number): string =>
  oneOf(
    MODELS.map((model) => model[index] ?? null),
    MODEL,
  );

export const DEVICE_VALUES: Values = {
  device_type: oneOf(['Phone', 'PC', 'Tablet', 'TV'], TYPE),
  operating_system: field(0),
  os_version: field(1),
  device_make: field(2),
  device_model: field(3),
  browser_family: field(4),
  environment_type: field(5),
  // Each person has one of every model.
  device_id: `md5(t.user_id::text || '/' || ${MODEL})`,
};

export const IN_APP = `${DEVICE_VALUES.environment_type} = 'App'`;
