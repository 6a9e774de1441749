import type { StringKey } from '../internal/strings.js';

/** Where this browser keeps the permission of a page, in its own words. */
export function permissionHelp({ userAgent, maxTouchPoints }: Navigator = navigator): StringKey {
  const mobile =
    /Android|iPhone|iPad|Mobile/.test(userAgent) || (/Mac/.test(userAgent) && maxTouchPoints > 1);
  if (mobile) return 'permissionMobile';
  if (/Firefox\//.test(userAgent)) return 'permissionFirefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'permissionChrome';
  return /Safari\//.test(userAgent) ? 'permissionSafari' : 'permissionMobile';
}
