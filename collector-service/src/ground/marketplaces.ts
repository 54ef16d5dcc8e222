/**
 * Amazon's marketplaces. Source: the Amazon Ads API reference (marketplace ids and their currencies).
 * The time zone is the one Amazon's advertising console uses for the marketplace.
 */
export interface Marketplace {
  readonly country: string;
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly region: 'NA' | 'EU' | 'FE';
}

export const MARKETPLACES: Readonly<Record<string, Marketplace>> = {
  ATVPDKIKX0DER: { country: 'US', currency: 'USD', timeZone: 'America/Los_Angeles', region: 'NA' },
  A2EUQ1WTGCTBG2: { country: 'CA', currency: 'CAD', timeZone: 'America/Toronto', region: 'NA' },
  A1AM78C64UM0Y8: { country: 'MX', currency: 'MXN', timeZone: 'America/Mexico_City', region: 'NA' },
  A2Q3Y263D00KWC: { country: 'BR', currency: 'BRL', timeZone: 'America/Sao_Paulo', region: 'NA' },
  A1F83G8C2ARO7P: { country: 'UK', currency: 'GBP', timeZone: 'Europe/London', region: 'EU' },
  A1PA6795UKMFR9: { country: 'DE', currency: 'EUR', timeZone: 'Europe/Berlin', region: 'EU' },
  A13V1IB3VIYZZH: { country: 'FR', currency: 'EUR', timeZone: 'Europe/Paris', region: 'EU' },
  APJ6JRA9NG5V4: { country: 'IT', currency: 'EUR', timeZone: 'Europe/Rome', region: 'EU' },
  A1RKKUPIHCS9HS: { country: 'ES', currency: 'EUR', timeZone: 'Europe/Madrid', region: 'EU' },
  A1805IZSGTT6HS: { country: 'NL', currency: 'EUR', timeZone: 'Europe/Amsterdam', region: 'EU' },
  A2NODRKZP88ZB9: { country: 'SE', currency: 'SEK', timeZone: 'Europe/Stockholm', region: 'EU' },
  A33AVAJ2PDY3EV: { country: 'TR', currency: 'TRY', timeZone: 'Europe/Istanbul', region: 'EU' },
  A17E79C6D8DWNP: { country: 'SA', currency: 'SAR', timeZone: 'Asia/Riyadh', region: 'EU' },
  A2VIGQ35RCS4UG: { country: 'AE', currency: 'AED', timeZone: 'Asia/Dubai', region: 'EU' },
  A21TJRUUN4KGV: { country: 'IN', currency: 'INR', timeZone: 'Asia/Kolkata', region: 'EU' },
  A1VC38T7YXB528: { country: 'JP', currency: 'JPY', timeZone: 'Asia/Tokyo', region: 'FE' },
  A39IBJ37TRP1C6: { country: 'AU', currency: 'AUD', timeZone: 'Australia/Sydney', region: 'FE' },
};
