/** The browser in the protocol's words (§3.2, §4.3). */
export function hostType(userAgent: string): 'mozilla' | 'edge' | 'chrome-stable' | 'safari' {
  if (/firefox/i.test(userAgent)) return 'mozilla';
  if (/edg\//i.test(userAgent)) return 'edge';
  return /chrome|chromium/i.test(userAgent) ? 'chrome-stable' : 'safari';
}
