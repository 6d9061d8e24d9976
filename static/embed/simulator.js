/**
 * A figure as an element of any page:
 *
 *     <script type="module" src="https://words.example.org/embed/simulator.js"></script>
 *     <event-log-simulator scenario="partition"><a href="https://words.example.org/simulator/partition/">Partitions</a></event-log-simulator>
 *
 * What stands in the element is shown where this script is not.
 */
const HOME = new URL("../", import.meta.url);
const TOKEN = new URL(import.meta.url).searchParams.get("token");
/** Before the figure has said how tall it is, in pixels. */
const HEIGHT = 640;
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(":host { display: block } :host([hidden]) { display: none } iframe { display: block; inline-size: 100%; border: 0; color-scheme: normal }");

class EventLogSimulator extends HTMLElement {
  static observedAttributes = ["scenario", "src", "state", "title"];
  #frame = document.createElement("iframe");

  constructor() {
    super();
    this.#frame.loading = "lazy";
    this.#frame.height = String(HEIGHT);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [STYLE];
  }

  /** The address of the figure, or null where none is named: `src`, or that of `scenario`; `state` is its fragment. */
  get address() {
    const named = this.getAttribute("src") ?? (this.getAttribute("scenario") && `embed/${encodeURIComponent(this.getAttribute("scenario") ?? "")}/`);
    if (!named || !URL.canParse(named, HOME)) return null;
    const address = new URL(named, HOME);
    if (!/^https?:$/.test(address.protocol)) return null;
    if (TOKEN && address.origin === HOME.origin) address.searchParams.set("token", TOKEN);
    if (this.hasAttribute("state")) address.hash = (this.getAttribute("state") ?? "").replace(/^#/, "");
    return address;
  }

  connectedCallback() {
    addEventListener("message", this);
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    removeEventListener("message", this);
  }

  attributeChangedCallback() {
    if (!this.isConnected) return;
    const { address } = this;
    if (address === null) {
      // What stands in the element says more than an empty frame.
      this.shadowRoot?.replaceChildren(document.createElement("slot"));
      return;
    }
    this.#frame.title = this.getAttribute("title") ?? this.textContent?.trim() ?? "Simulation";
    if (this.#frame.src !== address.href) this.#frame.src = address.href;
    if (!this.#frame.isConnected) this.shadowRoot?.replaceChildren(this.#frame);
  }

  /** The figure says how tall it is; nobody else may. @param {MessageEvent} event */
  handleEvent({ source, origin, data }) {
    if (source !== this.#frame.contentWindow || origin !== this.address?.origin) return;
    if (data?.type === "event-log-simulator.resized" && data.height > 0 && data.height < 10_000) this.#frame.height = String(Math.ceil(data.height));
  }
}

if (!customElements.get("event-log-simulator")) customElements.define("event-log-simulator", EventLogSimulator);
