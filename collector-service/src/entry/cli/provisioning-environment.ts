import type { Config } from '../../ground/config.ts';
import { sandboxEnvironment } from './sandbox-service.ts';

/** Where provisioning files take their ${NAME} from: the environment, or as if it named the local sandbox when it names no AMC. */
export const provisioningEnvironment = (config: Config, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  config.sandbox ? { ...env, ...sandboxEnvironment(`http://${config.host}:${config.sandboxPort}`) } : env;
