/** Amazon's regions: North America, Europe (with India and the Middle East), Far East. */
export const REGIONS = ['NA', 'EU', 'FE'] as const;
export type Region = (typeof REGIONS)[number];

/** Hosts by region (reference/amc.md §1.1). For AMC every host works everywhere; the near one is faster. */
export const HOSTS: Readonly<Record<Region, { readonly apiUrl: string; readonly tokenUrl: string }>> = {
  NA: { apiUrl: 'https://advertising-api.amazon.com', tokenUrl: 'https://api.amazon.com/auth/o2/token' },
  EU: { apiUrl: 'https://advertising-api-eu.amazon.com', tokenUrl: 'https://api.amazon.co.uk/auth/o2/token' },
  FE: { apiUrl: 'https://advertising-api-fe.amazon.com', tokenUrl: 'https://api.amazon.co.jp/auth/o2/token' },
};
