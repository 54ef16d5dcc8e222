import { dirname, resolve } from 'node:path';
import { fromTheTop, refuse, type Mistake, type Path } from '../catalogue/mistake.ts';
import { didYouMean } from '../catalogue/nearest.ts';
import { readYamlFile, schemaMistakes, yamlFilesIn, type YamlFile } from '../catalogue/yaml-file.ts';
import { interpolate, soleReference, type Environment } from './interpolate.ts';
import { provisioningSchema, type LoadedProvisioning, type Provisioning, type ProvisioningFile } from './provisioning.ts';
import { Secret } from '../../ground/secret.ts';

const SECRET_FIELDS = ['clientSecret', 'refreshToken'];

interface LoadedFile {
  readonly source: YamlFile;
  readonly provisioning: ProvisioningFile;
}

/**
 * Reads every *.yaml of a directory as one provisioning: files of one workspace may refer to each other's connections and instances.
 * Dataset directories come back absolute.
 * @throws CollectorError config_invalid with all mistakes of all files; never with a secret
 */
export async function loadProvisioning(directory: string, environment: Environment): Promise<LoadedProvisioning> {
  const files = await yamlFilesIn(directory);
  if (!Array.isArray(files)) refuse('The provisioning cannot be used', [files]);
  const mistakes: Mistake[] = [];
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const source = await readYamlFile(file);
    if (Array.isArray(source)) mistakes.push(...source);
    else {
      const result = readProvisioning(source, environment);
      if (Array.isArray(result)) mistakes.push(...result);
      else loaded.push({ source, provisioning: result });
    }
  }
  // References can only be judged when every file could be read.
  const workspaces = byWorkspace(loaded);
  if (mistakes.length === 0) for (const ofIt of workspaces.values()) mistakes.push(...checkReferences(ofIt));
  if (mistakes.length > 0) refuse('The provisioning cannot be used', mistakes);
  return { ...together(loaded), workspaces: new Map([...workspaces].map(([name, ofIt]) => [name, together(ofIt)])) };
}

function byWorkspace(loaded: readonly LoadedFile[]): Map<string | null, LoadedFile[]> {
  const workspaces = new Map<string | null, LoadedFile[]>();
  for (const file of loaded) {
    const name = file.provisioning.workspace ?? null;
    workspaces.set(name, [...(workspaces.get(name) ?? []), file]);
  }
  return workspaces;
}

function together(loaded: readonly LoadedFile[]): Provisioning {
  return {
    connections: loaded.flatMap(({ provisioning }) => provisioning.connections),
    instances: loaded.flatMap(({ provisioning }) => provisioning.instances),
    datasets: loaded.flatMap(({ source, provisioning }) => provisioning.datasets.map((path) => resolve(dirname(source.file), path))),
    collections: loaded.flatMap(({ provisioning }) => provisioning.collections),
    schedules: loaded.flatMap(({ provisioning }) => provisioning.schedules),
  };
}

function readProvisioning(source: YamlFile, environment: Environment): ProvisioningFile | Mistake[] {
  const mistakes: Mistake[] = [];
  const report = (path: Path, message: string) => mistakes.push(source.mistake(path, message));
  const data = interpolate(withSecrets(source.data ?? {}, environment, report), environment, report);
  const parsed = provisioningSchema.safeParse(data);
  // A value that is missing already, by its variable, needs no second complaint about its form.
  const told = new Set(mistakes.map((mistake) => mistake.path));
  mistakes.push(...schemaMistakes(source, parsed.error?.issues ?? []).filter((mistake) => !told.has(mistake.path)));
  return parsed.success && mistakes.length === 0 ? parsed.data : fromTheTop(mistakes);
}

/** Secrets come from the environment only: a file is copied, committed and shown too easily. */
function withSecrets(data: unknown, environment: Environment, report: (path: Path, message: string) => void): unknown {
  const connections = (data as { connections?: unknown }).connections;
  if (typeof data !== 'object' || !Array.isArray(connections)) return data;
  return {
    ...data,
    connections: connections.map((connection: unknown, index) => {
      if (typeof connection !== 'object' || connection === null) return connection;
      const entries = Object.entries(connection).map(([key, value]: [string, unknown]) => {
        if (!SECRET_FIELDS.includes(key)) return [key, value];
        const variable = typeof value === 'string' ? soleReference(value) : null;
        const found = variable === null ? undefined : environment[variable]?.trim();
        if (variable === null)
          report(['connections', index, key], 'secrets do not belong in files: set an environment variable and write ${ITS_NAME} here');
        else if (!found) report(['connections', index, key], `the environment variable ${variable} is not set`);
        return [key, new Secret(found ?? '')];
      });
      return Object.fromEntries(entries) as unknown;
    }),
  };
}

function checkReferences(loaded: readonly LoadedFile[]): Mistake[] {
  const mistakes: Mistake[] = [];
  const connections = loaded.flatMap(({ provisioning }) => provisioning.connections.map((connection) => connection.name));
  const instances = loaded.flatMap(({ provisioning }) => provisioning.instances.map((instance) => instance.amcInstanceId));
  const schedules = loaded.flatMap(({ provisioning }) => provisioning.schedules.map((schedule) => schedule.name));
  const seen = new Set<string>();
  const once = (key: string, source: YamlFile, path: Path, message: string) => {
    if (seen.has(key)) mistakes.push(source.mistake(path, message));
    seen.add(key);
  };
  for (const { source, provisioning } of loaded) {
    provisioning.connections.forEach(({ name }, index) =>
      once(`connection ${name}`, source, ['connections', index, 'name'], `there is another connection '${name}'`),
    );
    provisioning.instances.forEach(({ amcInstanceId, connection }, index) => {
      once(`instance ${amcInstanceId}`, source, ['instances', index, 'amcInstanceId'], `instance '${amcInstanceId}' is given twice`);
      if (!connections.includes(connection))
        mistakes.push(
          source.mistake(['instances', index, 'connection'], `no connection '${connection}'${didYouMean(connection, connections)}`),
        );
    });
    provisioning.schedules.forEach(({ name }, index) =>
      once(`schedule ${name}`, source, ['schedules', index, 'name'], `there is another schedule '${name}'`),
    );
    provisioning.collections.forEach(({ instance, dataset, schedule }, index) => {
      once(
        `collection ${instance} ${dataset}`,
        source,
        ['collections', index, 'dataset'],
        `dataset '${dataset}' is collected for instance '${instance}' already`,
      );
      if (!instances.includes(instance))
        mistakes.push(source.mistake(['collections', index, 'instance'], `no instance '${instance}'${didYouMean(instance, instances)}`));
      if (schedule !== undefined && !schedules.includes(schedule))
        mistakes.push(source.mistake(['collections', index, 'schedule'], `no schedule '${schedule}'${didYouMean(schedule, schedules)}`));
    });
  }
  return mistakes;
}
