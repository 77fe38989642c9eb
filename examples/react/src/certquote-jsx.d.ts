// certquote's elements in JSX: attributes by their names, properties by theirs, and `on` before the name of an event.
import type {
  BalanceSource,
  CertBalanceElement,
  CertBalanceEventMap,
  CertHistoryElement,
  CertHistoryEventMap,
  CertQuoteElement,
  CertQuoteEventMap,
  Draft,
  FetchHeaders,
  Transport,
} from "certquote";
import type { DetailedHTMLProps, HTMLAttributes } from "react";

type Events<Map> = { [Name in keyof Map & string as `on${Name}`]?: (event: Map[Name]) => void };

type Common<Element, Map> = DetailedHTMLProps<HTMLAttributes<Element>, Element> &
  Events<Map> & {
    proxy?: string;
    "container-id"?: string;
    locale?: string;
    theme?: "auto" | "light" | "dark";
    "timeout-ms"?: number;
    credentials?: "same-origin" | "include" | "omit";
    transport?: Transport | null;
    fetchHeaders?: FetchHeaders | null;
  };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "cert-quote": Common<CertQuoteElement, CertQuoteEventMap> & {
        draft?: Draft;
        live?: boolean;
        products?: string;
        addons?: string;
        "accept-label"?: string;
        keep?: string;
        share?: "on" | "off";
      };
      "cert-balance": Common<CertBalanceElement, CertBalanceEventMap> & {
        source?: BalanceSource;
        "subaccount-id"?: string;
        "org-id"?: string;
        "billing-id"?: string;
        "low-balance"?: string;
      };
      "cert-history": Common<CertHistoryElement, CertHistoryEventMap>;
    }
  }
}
