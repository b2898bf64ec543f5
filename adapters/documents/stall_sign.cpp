#include "adapters/documents/stall_sign.h"
#include "adapters/documents/pdf_canvas.h"
#include "adapters/documents/visible_text.h"
#include "base/text.h"
#include "qr-pay/banks.h"
#include "qr-pay/emvco.h"
#include <algorithm>
#include <charconv>

namespace cho40::documents {
namespace {

// Drawn on a page as wide as A5, in points; A6 is the same made smaller, with a little less below: 105 × 148 mm are not quite
// of the proportions of 148 × 210.
constexpr double width = 148 / 25.4 * 72, margin = 26;
constexpr double inner = width - 2 * margin;

constexpr Colour jade{0.043, 0.310, 0.275}, jade_soft{0.906, 0.953, 0.937}, lamp{0.953, 0.718, 0.247}, ink{0.071, 0.129, 0.118},
    ink_soft{0.251, 0.314, 0.294}, white{1, 1, 1};

constexpr double no_limit = 1000;  // of a text that is short by its nature

// What a code says of itself.
struct SignCode {
    QrModules modules;
    std::string bank;
    std::string tail;
    std::string amount;  // "" where the payer types it
};

// Never more of the number than its end, and of a short one not all.
std::string tail_of(std::string const& number)
{
    auto const shown = std::min<std::size_t>(4, number.size() / 2);
    return number.substr(number.size() - shown);
}

std::string amount_text(std::string const& amount)
{
    std::int64_t dong = 0;
    auto const [end, error] = std::from_chars(amount.data(), amount.data() + amount.size(), dong);
    return error == std::errc() && end == amount.data() + amount.size() ? dong_text(dong) : amount;
}

Result<std::optional<SignCode>> read_code(std::string const& payload, std::string_view service, char const* pointer)
{
    if (payload.empty()) return std::optional<SignCode>();
    auto const plain = std::ranges::all_of(payload, [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
    auto const qr = qr_pay::decode_qr(payload);
    auto const* account = qr ? qr->vietqr() : nullptr;
    if (!plain || !account || account->service != service) {
        return fail(Errc::invalid_input, "not a VietQR code for " + std::string(service) + " in ASCII", pointer);
    }
    SignCode code;
    CHO_TRY(code.modules, qr_modules(payload));
    auto const* bank = qr_pay::Banks::current().find(account->acquirer);
    code.bank = bank ? bank->short_name : account->acquirer;
    code.tail = tail_of(account->account);
    if (qr->amount) code.amount = amount_text(*qr->amount);
    return std::optional(std::move(code));
}

// Texts one under the other, each with its own style; empty ones take no place.
struct Line {
    std::string what;
    TextStyle style;
    double height_max = no_limit;
    double gap_before = 0;
};
using Lines = std::vector<Line>;

double height_of(PdfCanvas& canvas, Lines const& lines, double column)
{
    double sum = 0;
    for (auto const& line : lines) {
        if (!line.what.empty()) sum += line.gap_before + canvas.text_height(line.what, column, line.height_max, line.style);
    }
    return sum;
}

// Returns where they end.
double draw(PdfCanvas& canvas, Lines const& lines, double x, double y, double column)
{
    for (auto const& line : lines) {
        if (line.what.empty()) continue;
        y += line.gap_before;
        y += canvas.text(line.what, x, y, column, line.height_max, line.style);
    }
    return y;
}

// The band at the top: the market, the stall, what the market calls it. Returns where it ends.
double draw_head(PdfCanvas& canvas, StallSign const& sign)
{
    constexpr double above = 16, below = 14, stripe = 4;
    Lines const lines{
        {visible_text(sign.market), {14, Weight::bold, lamp, Align::centre}, 40},
        {sign.stall.empty() ? "Trả bằng mã QR" : visible_text(sign.stall), {34, Weight::bold, white, Align::centre}, 92},
        {visible_text(sign.alias), {15, Weight::normal, white, Align::centre}, 40},
    };
    auto const end = above + height_of(canvas, lines, inner) + below;
    canvas.fill({0, 0, width, end}, jade);
    canvas.fill({0, end, width, stripe}, lamp);
    draw(canvas, lines, margin, above, inner);
    return end + stripe;
}

// What to do when the sign looks wrong, and of which day it is. Returns where it begins.
double draw_foot(PdfCanvas& canvas, double height, Day printed_on)
{
    constexpr TextStyle left{9.5, Weight::normal, ink_soft, Align::left}, right{9.5, Weight::normal, ink_soft, Align::right};
    constexpr double warning_width = inner * 0.76;
    auto const begin = height - 48;
    canvas.fill({margin, begin, inner, 0.8}, lamp);
    draw(canvas,
         {{"Thấy mã bị dán đè: đừng trả, báo ban quản lý chợ.", left}, {"Code pasted over? Do not pay, tell the market office.", left}},
         margin, begin + 6, warning_width);
    draw(canvas, {{"Chợ 4.0", right}, {"In " + printed_on.to_vietnamese(), right}}, margin + warning_width, begin + 6,
         inner - warning_width);
    return begin;
}

void draw_symbol(PdfCanvas& canvas, SignCode const& code, double x, double y, double side)
{
    constexpr double frame = 4, round = 12;
    Box const box{x - frame, y - frame, side + 2 * frame, side + 2 * frame};
    canvas.fill(box, white, round);
    canvas.outline(box, jade, 2.5, round);
    canvas.symbol(code.modules, x, y, side);
}

// What is said of the two kinds of codes.
struct Words {
    char const *whose, *whose_en, *note_en;  // for whom the code is
    char const *number, *number_en;          // what the end of the number is of
};
constexpr Words transfer_words{"Khách Việt Nam", "Customers in Vietnam", "Any Vietnamese banking app", "tài khoản", "account"};
constexpr Words merchant_words{"Khách nước ngoài", "Foreign visitors", "Your wallet or bank app from home, where it pays VietQR",
                               "mã đơn vị", "merchant id"};

std::string number_line(SignCode const& code, char const* what) { return std::string(what) + " …" + code.tail; }

void draw_one(PdfCanvas& canvas, SignCode const& code, Words const& words, double top, double bottom)
{
    constexpr double symbol_most = 290, space = 12, one_line = 22;
    bool const fixed = !code.amount.empty();
    Lines const above{
        {"Quét mã để trả tiền", {24, Weight::bold, jade, Align::centre}},
        {"Scan to pay", {14, Weight::normal, ink_soft, Align::centre}},
        {code.amount, {24, Weight::bold, ink, Align::centre}},
    };
    Lines const below{
        {code.bank + " · " + number_line(code, words.number), {16, Weight::bold, ink, Align::centre}, 2 * one_line},
        {fixed ? "Mở ứng dụng ngân hàng, quét mã, xem lại số tiền." : "Mở ứng dụng ngân hàng, quét mã, nhập số tiền.",
         {15, Weight::normal, ink, Align::centre},
         one_line,
         4},
        {fixed ? "Open your banking app, scan, check the amount." : "Open your banking app, scan, enter the amount.",
         {12, Weight::normal, ink_soft, Align::centre},
         one_line},
    };
    auto const words_height = height_of(canvas, above, inner) + height_of(canvas, below, inner);
    auto const side = std::min(symbol_most, bottom - top - words_height - 4 * space);
    auto const between = (bottom - top - words_height - side) / 4;  // the room that is left, shared out evenly
    auto const y = draw(canvas, above, margin, top + between, inner) + between;
    draw_symbol(canvas, code, (width - side) / 2, y, side);
    draw(canvas, below, margin, y + side + between, inner);
}

// A code with its words beside it.
void draw_panel(PdfCanvas& canvas, SignCode const& code, Words const& words, Box const& box, bool code_on_the_right)
{
    constexpr double padding = 14, text_padding = 20;
    canvas.fill(box, jade_soft, 16);
    auto const side = box.height - 2 * padding;
    auto const column = box.width - side - padding - 2 * text_padding + 4;
    auto const x = box.x + (code_on_the_right ? text_padding : padding + side + text_padding);
    constexpr TextStyle small{11, Weight::normal, ink_soft, Align::left}, number{13, Weight::bold, ink, Align::left};
    Lines const lines{
        {words.whose, {20, Weight::bold, jade, Align::left}, 30},
        {words.whose_en, {13, Weight::bold, jade, Align::left}},
        {words.note_en, small, no_limit, 2},
        {code.amount, {18, Weight::bold, ink, Align::left}, no_limit, 8},
        {code.bank, number, no_limit, 12},
        {number_line(code, words.number), number},
        {number_line(code, words.number_en), small},
    };
    draw(canvas, lines, x, box.y + (box.height - height_of(canvas, lines, column)) / 2, column);
    draw_symbol(canvas, code, code_on_the_right ? box.x + box.width - padding - side : box.x + padding, box.y + padding, side);
}

// One above the other and on different sides, so that a camera held to one does not see the other.
void draw_two(PdfCanvas& canvas, SignCode const& transfer, SignCode const& merchant, double top, double bottom)
{
    constexpr double space = 12;
    Lines const todo{{"Quét mã của mình, nhập số tiền rồi trả.", {14, Weight::bold, jade, Align::centre}},
                     {"Scan the code that is yours, enter the amount, pay.", {11, Weight::normal, ink_soft, Align::centre}}};
    auto const y = draw(canvas, todo, margin, top + 8, inner) + 8;
    auto const panel = (bottom - y - 2 * space) / 2;
    draw_panel(canvas, transfer, transfer_words, {margin, y, inner, panel}, false);
    draw_panel(canvas, merchant, merchant_words, {margin, y + panel + space, inner, panel}, true);
}

}  // namespace

std::optional<SignSize> sign_size_named(std::string_view name)
{
    if (name == "A5") return SignSize::a5;
    if (name == "A6") return SignSize::a6;
    return std::nullopt;
}

Result<std::string> stall_sign_pdf(StallSign const& sign, SignSize size, Day printed_on)
{
    for (auto const* text : {&sign.stall, &sign.alias, &sign.market}) {
        if (!is_valid_utf8(*text)) return fail(Errc::invalid_utf8, "a name on the sign is not valid UTF-8");
    }
    CHO_TRY(auto const transfer, read_code(sign.transfer_code, "QRIBFTTA", "/transfer_code"));
    CHO_TRY(auto const merchant, read_code(sign.merchant_code, "QRPUSH", "/merchant_code"));
    if (!transfer && !merchant) return fail(Errc::invalid_input, "a sign needs a code", "/transfer_code");

    auto const [width_mm, height_mm] = size == SignSize::a5 ? std::pair(148.0, 210.0) : std::pair(105.0, 148.0);
    auto const height = width * height_mm / width_mm;
    auto const title = visible_text(sign.stall.empty() ? sign.alias : sign.stall);
    PdfCanvas canvas(width, height, width_mm, title.empty() ? "VietQR" : title, printed_on.begin());
    auto const top = draw_head(canvas, sign);
    auto const bottom = draw_foot(canvas, height, printed_on);
    if (transfer && merchant) draw_two(canvas, *transfer, *merchant, top, bottom);
    else draw_one(canvas, transfer ? *transfer : *merchant, transfer ? transfer_words : merchant_words, top, bottom);
    return canvas.finish();
}

}  // namespace cho40::documents
