#pragma once
#include "base/secret.h"
#include "base/time.h"
#include "qr-pay/bank_credit.h"
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::rails {

// What is wanted of a provider's list: all that was booked from `from` up to and with `to`.
struct ListWindow {
    Instant from;
    Instant to;
};

// A GET below the provider's address.
struct ListCall {
    ListCall(std::string path_and_query, std::string header) : target(std::move(path_and_query)), authorization(std::move(header)) {}
    std::string target;
    Secret authorization;  // the header's whole value
};

// One answer, read.
struct ListPage {
    // In the words of the notifications: a transfer told by both ways has the same told_key wherever the provider tells the same.
    std::vector<qr_pay::BankCredit> transfers;
    std::vector<Error> unreadable;    // lines that mean nothing; the others count all the same
    std::optional<std::string> next;  // the place to go on at; nothing: the window is read
};

// The list call of a provider, where it has one. Pure: who asks brings the connection, and keeps the place between two answers.
class TransferList {
public:
    virtual ~TransferList() = default;

    // Where the provider answers when nothing else is agreed: "https://my.sepay.vn".
    [[nodiscard]] virtual std::string_view address() const = 0;
    // The header in which a provider that is asked too often says how many seconds to wait.
    [[nodiscard]] virtual std::string_view retry_header() const { return "Retry-After"; }

    // `place` is "" at first, then what the answer before said.
    [[nodiscard]] virtual ListCall ask(ListWindow const& window, std::string_view place, Secret const& key) const = 0;
    // The body of a 200. A place to go on at is never the place it was asked at. Errors: body_too_large, invalid_utf8,
    // invalid_json, required, wrong_type, unknown_value (it is no list, or not in the order it should be in).
    [[nodiscard]] virtual Result<ListPage> read(std::string_view body, ListWindow const& window, std::string_view place) const = 0;
};

inline constexpr std::size_t list_bytes_max = 8 << 20;

// An answer as one JSON object. Numbers may have a fraction: only those that are read are held to whole đồng.
// Errors: body_too_large, invalid_utf8, invalid_json.
[[nodiscard]] Result<nlohmann::json> parse_list(std::string_view bytes);

// The lines of an answer, each read by `read`; what means nothing goes to ListPage::unreadable with its place.
template <class Read>
void read_lines(nlohmann::json const& lines, std::string const& pointer, ListPage& page, Read read)
{
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto const place = pointer + "/" + std::to_string(i);
        Result<qr_pay::BankCredit> credit = fail(Errc::wrong_type, "must be an object", place);
        if (lines[i].is_object()) credit = read(lines[i], place);
        if (credit) page.transfers.push_back(*std::move(credit));
        else page.unreadable.push_back(std::move(credit).error());
    }
}

}  // namespace cho40::rails
