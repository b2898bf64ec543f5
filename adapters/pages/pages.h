#pragma once
#include "adapters/pages/html.h"
#include "adapters/pages/language.h"
#include "fees/notice.h"
#include "fees/quote.h"
#include "fees/receipt.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The pages for people without an account (screens.md §5.2): a view in, the bytes of a complete HTML document out. No
// I/O, no routes, no clock. Every page works without scripts; the one script adds live state, a countdown and copying.
namespace cho40::pages {

// Where the style and the script live. assets.h gives the hashed names of the binary.
struct AssetUrls {
    Url style = Url::path({"assets", "pages.css"});
    Url script = Url::path({"assets", "pages.js"});
    Url icon = Url::path({"assets", "icon.svg"});
};

// What every page needs to know besides its view.
struct PageContext {
    Language language = Language::vi;
    Url here = Url::path({});  // this page with its query but without `lang`: the language switch leads back to it
    AssetUrls assets;
    std::string help_phone = "02033800800";  // digits
    std::string request_id;                  // shown on pages about trouble
    std::string site_address;                // host of /verify as printed on receipts, for example "cho40.example"
    bool demo = false;                       // says on every page that money is not real
};

// Event types after which the page looks again; unnamed messages count too. What an event carries is not read.
inline constexpr std::string_view live_event_types =
    "payment.paid payment.underpaid payment.overpaid payment.in_doubt payment.expired notice.paid notice.written notice.failed notice.refunded notice.cancelled reset";

// The squares of a QR code, row by row. `dark` has size × size members.
struct QrSquares {
    int size = 0;
    std::vector<bool> dark;
};

// --- / -----------------------------------------------------------------------------------------------------------------
struct MarketLink {
    std::string id, name, place;
};
struct HomeView {
    std::vector<MarketLink> markets;
};
[[nodiscard]] std::string home_page(PageContext const& context, HomeView const& view);

// --- C1: GET /pay?code=… answers 303 to /pay/{code} when the code exists, otherwise this page -------------------------
enum class CodeFault { none, empty, malformed, not_found };
struct FindView {
    std::string typed;
    CodeFault fault = CodeFault::none;
};
[[nodiscard]] std::string find_page(PageContext const& context, FindView const& view);

// --- C2: GET /pay/{code} ------------------------------------------------------------------------------------------------
struct DueView {
    fees::FeeNotice const& notice;
    Instant now;
    Dong received;         // part already paid; zero as a rule
    std::string form_key;  // Idempotency-Key of the intention to pay, made when the page is shown
    bool national = false;  // the agency takes money over the national payment platform
    std::optional<Instant> national_since = {};  // an attempt there was begun then, and its end is not known
};
// The button posts `idempotency_key` to /pay/{code}/payment; the answer is 303 to /pay/{code}/wait.
[[nodiscard]] std::string due_page(PageContext const& context, DueView const& view);

// --- GET /pay/{code}/national -------------------------------------------------------------------------------------------
enum class NationalPageState { calling, waiting, paid, failed, refused, expired };
struct NationalView {
    std::string notice_code;
    NationalPageState state = NationalPageState::waiting;
    Dong amount;
    std::string reference;
    Instant started_at;
    std::optional<Instant> next_check_at;  // calling, waiting
    bool may_go = false;                   // the platform's page for it is known
    std::string form_key;                  // for another attempt
    Url live = Url::path({});
};
[[nodiscard]] std::string national_page(PageContext const& context, NationalView const& view);

// --- C3 and C4: GET /pay/{code}/wait ------------------------------------------------------------------------------------
enum class WaitState { waiting, short_paid, in_doubt, bank_slow };
struct WaitView {
    std::string notice_code;
    Dong amount;    // what the QR asks for
    Dong received;  // before it, when short_paid
    QrSquares qr;
    std::string payload;  // text of the QR, for programs that read the page; may be empty
    std::string bank_name, account_number, account_name, memo;
    std::string agency_name;
    Instant now, expires_at;
    WaitState state = WaitState::waiting;
    Instant next_check_at{};  // in_doubt
    bool may_extend = true;   // the button posts `idempotency_key` to /pay/{code}/extension
    std::string form_key;
    std::optional<Url> live;      // event stream; see live_event_types
    std::optional<Url> qr_image;  // PNG to save on a phone
};
[[nodiscard]] std::string wait_page(PageContext const& context, WaitView const& view);

// --- C5: GET /pay/{code} once it is paid ------------------------------------------------------------------------------
struct ReceiptLink {
    std::string lookup_code;
    fees::FeeKind kind;
    Dong total;
};
struct ResultView {
    fees::FeeNotice const& notice;
    fees::NoticeRecord const& life;  // paid or refunded
    Instant case_told_by;            // the promise made while the second tick is open
    std::vector<ReceiptLink> receipts;
    std::optional<Url> live;
};
[[nodiscard]] std::string result_page(PageContext const& context, ResultView const& view);

// --- C7: GET /receipt/{code} and GET /verify?code=… --------------------------------------------------------------------
struct ReceiptView {
    fees::Receipt const& receipt;
    std::optional<QrSquares> qr;  // the address of this receipt, for the paper
    bool is_signed = false;       // there is a signed file to download
};
[[nodiscard]] std::string receipt_page(PageContext const& context, ReceiptView const& view);

struct VerifyView {
    std::string typed;
    CodeFault fault = CodeFault::none;        // not_found: a well-formed code that no receipt has
    fees::Receipt const* receipt = nullptr;   // found
};
[[nodiscard]] std::string verify_page(PageContext const& context, VerifyView const& view);

// --- GET /fees?q=…: which fee; GET /fees?fee=CODE&…: what is due for it, and why ---------------------------------------
struct FeeSearchView {
    std::string typed;
    std::vector<fees::Rate const*> found;  // by name
    std::vector<std::string> chosen;       // fee codes of the same case: what is found now is added to them
    bool no_such_fee = false;
};
[[nodiscard]] std::string fee_search_page(PageContext const& context, FeeSearchView const& view);

// What somebody typed into a field of the form, and whether it could not be read.
struct TypedField {
    std::string typed;
    bool wrong = false;
};
// One fee of the question, with the fields that its unit needs.
struct FeeQuestion {
    fees::Rate const* rate = nullptr;  // that holds on the day, or else any of the fee, for its name
    fees::Asks asks;
    std::string thing;                 // what is counted, in the page's language; empty when nobody has named it
    TypedField quantity, pages, value;
};
struct FeeQuoteView {
    fees::FeeTables const& tables;
    fees::LinesOrder asked;                 // as far as it could be read
    std::vector<FeeQuestion> questions;     // beside asked.lines, one each
    TypedField day, usd;
    std::vector<fees::Audience const*> groups;
    std::vector<fees::AssessedLine> lines;  // none while something typed is wrong
    fees::QuoteTotals totals;
};
// The address of a question, without a language.
[[nodiscard]] Url fee_quote_url(FeeQuoteView const& view);
[[nodiscard]] std::string fee_quote_page(PageContext const& context, FeeQuoteView const& view);

// --- wrong states: each says first what happened to the money, and has one way on ------------------------------------
enum class Trouble {
    expired,
    already_paid,
    amount_changed,
    cancelled,
    bank_slow,
    maintenance,
    not_found,
    too_fast,
    broken,
    out_of_date,
    refused,
    no_receipt_number
};
struct TroubleView {
    Trouble what;
    std::string notice_code;          // expired, amount_changed, bank_slow, refused: where the button leads
    std::optional<Day> paid_on;       // already_paid
    std::optional<Dong> before, now;  // amount_changed
    std::string reason;               // amount_changed
    std::string agency;               // cancelled, out_of_date, no_receipt_number
    std::string bank;                 // bank_slow
    std::optional<Instant> open_again_at;  // maintenance
};
[[nodiscard]] std::string trouble_page(PageContext const& context, TroubleView const& view);

// --- C9: GET /market/{id} -----------------------------------------------------------------------------------------------
struct BoardPrice {
    std::string goods, unit;
    Dong low, high;
    int stalls;
};
struct BoardStall {
    std::string code, name;
    std::string trade;         // empty: not known
    std::optional<bool> open;  // nothing: not known, and nothing is claimed
};
struct MarketView {
    std::string name, place;
    Instant as_of;
    std::vector<BoardPrice> prices;
    std::vector<BoardStall> stalls;
};
[[nodiscard]] std::string market_page(PageContext const& context, MarketView const& view);

// "Nguyễn Văn An" -> "Nguyễn V. A.": enough for the payer to know themselves, not for a stranger.
[[nodiscard]] std::string masked_name(std::string_view name);

}  // namespace cho40::pages
