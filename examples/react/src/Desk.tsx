import type { Acceptance, CertQuoteElement, Draft, Quote } from "certquote";
import { useRef, useState } from "react";

const draft = (product_name_id: string, ...dns_names: string[]): Draft => ({
  dns_names,
  product_name_id,
  order_validity: { years: 1 },
});

const templates = {
  "Web shop": draft("ssl_basic", "shop.example.com", "www.shop.example.com", "api.shop.example.com"),
  Wildcard: draft("ssl_securesite_pro", "*.example.com", "example.com"),
  Bank: draft("ssl_ev_basic", "bank.example.com", "www.bank.example.com"),
};
const places = ["Quote", "History"] as const;

export function Desk() {
  const [place, setPlace] = useState<(typeof places)[number]>("Quote");
  // What the form is to begin with. It changes when the host wants another form, not while the buyer types.
  const [initial, setInitial] = useState<Draft>();
  const [quote, setQuote] = useState<Quote>();
  const [accepted, setAccepted] = useState<Acceptance>();
  const [round, setRound] = useState(0);
  const element = useRef<CertQuoteElement>(null);

  const show = (next: typeof place) => {
    // The element goes away with its place: what was typed is kept for the next one.
    if (element.current) setInitial(element.current.draft);
    setPlace(next);
  };
  const startOver = () => {
    setInitial(undefined);
    setQuote(undefined);
    setAccepted(undefined);
    setRound(round + 1);
  };

  return (
    <>
      <header>
        <h1>Order desk</h1>
        <p>certquote in React</p>
      </header>
      <nav role="tablist" aria-label="Places">
        {places.map((name) => (
          <button key={name} role="tab" aria-selected={name === place} onClick={() => show(name)}>
            {name}
          </button>
        ))}
      </nav>
      <main>
        {place === "Quote" ? (
          <section>
            <div className="templates" role="group" aria-label="Templates">
              {Object.entries(templates).map(([name, template]) => (
                // A copy: React sets the property only when it is another object.
                <button key={name} onClick={() => setInitial({ ...template })}>
                  {name}
                </button>
              ))}
              <button onClick={startOver}>Start over</button>
            </div>
            <cert-quote
              key={round}
              ref={element}
              draft={initial}
              accept-label="Order now"
              oncert-quote={(event) => setQuote(event.detail)}
              oncert-accept={(event) => setAccepted(event.detail)}
            />
          </section>
        ) : (
          <section>
            <cert-history />
          </section>
        )}
        <aside>
          <cert-balance low-balance="500" />
          <Order quote={quote} accepted={accepted} />
        </aside>
      </main>
    </>
  );
}

function Order({ quote, accepted }: { quote?: Quote; accepted?: Acceptance }) {
  if (!quote) return <p className="order">Nothing has been priced yet.</p>;
  const names = quote.draft.dns_names.join(", ");
  if (quote.total === null) return <p className="order">No estimate for {names}.</p>;
  return (
    <div className="order">
      <h2>Your order</h2>
      <p>{names}</p>
      <p className="total">
        <output>
          {quote.total} {quote.currency}
        </output>
      </p>
      {accepted && <p className="placed">Ordered. Reference {accepted.idempotency_key}</p>}
    </div>
  );
}
