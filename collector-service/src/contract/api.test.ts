import { API } from './api.ts';
import * as contract from './index.ts';
import type { RouteDeclaration, Routes } from './route.ts';

/** Every declaration of the contract, whether it was joined or not. */
const declared: [string, RouteDeclaration][] = Object.entries(contract)
  .filter(([name]) => name.endsWith('Routes'))
  .flatMap(([, routes]) => Object.entries(routes as Routes));

it('joins the routes of every resource, each under a name of its own', () => {
  expect(Object.keys(API).sort()).toEqual(declared.map(([name]) => name).sort());
});

it('has no two routes at one address', () => {
  const addresses = declared.map(([, { method, path }]) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});
