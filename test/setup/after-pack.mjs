import { chmod, copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { rootDirectory } from './run.mjs';

/**
 * What is burnt into the binary, so that no environment, argument or file beside it can make it
 * run other code than the app's. Asar integrity is checked by Electron on Windows and macOS only.
 */
export const fuses = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

/**
 * electron-builder calls this between copying and signing.
 * @param {import('electron-builder').AfterPackContext} context
 */
export async function afterPack(context) {
  const { appOutDir, electronPlatformName, packager } = context;
  // A half of a universal app; its turn comes when both are one.
  if (appOutDir.endsWith('-temp')) return;
  await packager.addElectronFuses(context, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    ...fuses,
  });
  if (electronPlatformName === 'linux') await putLauncherBefore(appOutDir, packager.executableName);
}

/**
 * The launcher takes the binary's name, so that menus, links and packages all lead to it.
 * @param {string} directory
 * @param {string} name
 */
async function putLauncherBefore(directory, name) {
  // Of the Electron at hand where its release site cannot be reached; the fuses forbid it anyway.
  await rm(join(directory, 'resources/default_app.asar'), { force: true });
  await rename(join(directory, name), join(directory, `${name}-app`));
  await copyFile(join(rootDirectory, 'assets/install/cos-ferry.sh'), join(directory, name));
  await chmod(join(directory, name), 0o755);
}
