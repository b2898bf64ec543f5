#include "qr-pay/emvco.h"
#include "base/text.h"
#include "qr-pay/crc16.h"
#include "qr-pay/qr_warnings.h"
#include "qr-pay/tlv.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::string_view vietqr_guid = "A000000727";
constexpr std::size_t account_characters_max = 19;
constexpr std::size_t amount_characters_max = 13;

using Failure = std::optional<QrFault>;

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }
bool is_digits(std::string_view text, std::size_t count) { return text.size() == count && all_digits(text); }

SubObjects copied(std::vector<TlvObject> const& objects)
{
    SubObjects out;
    out.reserve(objects.size());
    for (auto const& o : objects) out.emplace_back(o.id, o.value);
    return out;
}

std::size_t number_of(std::string_view id) { return static_cast<std::size_t>((id[0] - '0') * 10 + (id[1] - '0')); }

bool has_duplicate(std::vector<TlvObject> const& objects)
{
    std::array<bool, 100> seen{};
    for (auto const& o : objects) {
        auto& s = seen[number_of(o.id)];
        if (s) return true;
        s = true;
    }
    return false;
}

// A template: its sub-objects, or what is wrong inside it.
tl::expected<SubObjects, QrFault> parse_template(std::string_view value)
{
    auto const walk = walk_tlv(value);
    if (walk.fault) return tl::unexpected(*walk.fault == TlvFault::zero_length ? QrFault::zero_length : QrFault::nested_malformed);
    if (has_duplicate(walk.objects)) return tl::unexpected(QrFault::duplicate_id);
    return copied(walk.objects);
}

// The last four characters against the CRC of the bytes before them.
bool closing_crc_fits(std::string_view payload)
{
    if (payload.size() < 4) return false;
    return to_ascii_upper(payload.substr(payload.size() - 4)) == crc16_text(payload.substr(0, payload.size() - 4));
}

// 54 and 56: digits, at most one point, not zero.
bool is_amount(std::string_view text)
{
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto const rest = point == text.npos ? std::string_view() : text.substr(point + 1);
    return text.size() <= amount_characters_max && !whole.empty() && all_digits(whole) && all_digits(rest) &&
           text.find_first_of("123456789") != text.npos;
}

// 57: 00.01 to 99.99; "5" and "1.5" too.
bool is_percentage(std::string_view text)
{
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto const rest = point == text.npos ? std::string_view() : text.substr(point + 1);
    return !whole.empty() && whole.size() <= 2 && rest.size() <= 2 && all_digits(whole) && all_digits(rest) &&
           text.find_first_of("123456789") != text.npos;
}

Scheme scheme_of(std::string_view guid)
{
    if (guid == vietqr_guid) return Scheme::vietqr;
    if (guid == "A000000775") return Scheme::vnpayqr;
    if (guid == "A000000677010111" || guid == "A000000677010112" || guid == "A000000677010114") return Scheme::promptpay;
    if (guid == "SG.PAYNOW") return Scheme::paynow;
    if (guid.find('@') != guid.npos) return Scheme::khqr;
    return Scheme::other;
}

// The checks in the order of the acceptance profile; the first that fails decides.
class Reader {
public:
    explicit Reader(std::string_view payload) : payload_(payload) {}

    Failure read()
    {
        for (auto check : {&Reader::structure, &Reader::crc, &Reader::root_ids, &Reader::accounts, &Reader::vietqr_accounts,
                           &Reader::formats, &Reader::tip, &Reader::templates, &Reader::mandatory}) {
            if (auto fault = (this->*check)()) return fault;
        }
        return std::nullopt;
    }

    DecodedQr take()
    {
        qr_.profile = profile();
        add_warnings(qr_, inner_);
        return std::move(qr_);
    }

private:
    // 1-3
    Failure structure()
    {
        if (!is_valid_utf8(payload_)) return QrFault::tlv_malformed;
        auto walk = walk_tlv(payload_);
        if (walk.fault) return *walk.fault == TlvFault::zero_length ? QrFault::zero_length : QrFault::tlv_malformed;
        objects_ = std::move(walk.objects);
        if (objects_.empty() || objects_.front().id != "00") return QrFault::order;
        return std::nullopt;
    }

    // 4-7
    Failure crc()
    {
        auto const count = std::ranges::count(objects_, "63", &TlvObject::id);
        if (count == 0) return QrFault::crc_missing;
        if (objects_.back().id != "63") return QrFault::crc_not_last;
        if (count > 1) return QrFault::duplicate_id;
        auto const value = objects_.back().value;
        if (count_code_points(value) != 4) return QrFault::crc_bad_length;
        if (value.find_first_not_of("0123456789ABCDEFabcdef") != value.npos) return QrFault::crc_not_hex;
        if (!closing_crc_fits(payload_)) return QrFault::crc_mismatch;
        qr_.crc = to_ascii_upper(value);
        return std::nullopt;
    }

    // 8-10
    Failure root_ids()
    {
        if (has_duplicate(objects_)) return QrFault::duplicate_id;
        qr_.root = copied(objects_);
        for (std::size_t i = 0; i < objects_.size(); ++i) place_[number_of(objects_[i].id)] = static_cast<std::uint8_t>(i + 1);
        if (objects_.front().value != "01") return QrFault::unsupported_version;
        if (auto const* initiation = root("01")) {
            if (*initiation == "11") qr_.initiation = Initiation::static_code;
            else if (*initiation == "12") qr_.initiation = Initiation::dynamic_code;
            else return QrFault::bad_initiation;
        }
        return std::nullopt;
    }

    // 11
    Failure accounts()
    {
        for (auto const& [id, value] : qr_.root) {
            if (id < "02" || id > "51") continue;
            MerchantAccount account;
            account.id = id;
            if (id <= "25") {
                account.scheme = Scheme::primitive;
                account.value = value;
            } else {
                auto sub = parse_template(value);
                if (!sub) return sub.error();
                if (auto fault = template_account(account, *std::move(sub))) return fault;
            }
            qr_.merchant_accounts.push_back(std::move(account));
        }
        return std::nullopt;
    }

    Failure template_account(MerchantAccount& account, SubObjects sub)
    {
        if (auto const* guid = find(sub, "00")) {
            account.guid = *guid;
            account.scheme = scheme_of(*guid);
            std::erase_if(sub, [](auto const& o) { return o.first == "00"; });
        }
        if (account.scheme == Scheme::vietqr) {
            auto const* organisation = find(sub, "01");
            if (!organisation) return QrFault::mandatory_missing;
            auto inner = parse_template(*organisation);
            if (!inner) return inner.error();
            inner_.push_back(*std::move(inner));
        }
        account.sub = std::move(sub);
        return std::nullopt;
    }

    // 12
    Failure vietqr_accounts()
    {
        auto inner = inner_.begin();
        for (auto& account : qr_.merchant_accounts) {
            if (account.scheme != Scheme::vietqr) continue;
            auto const* acquirer = find(*inner, "00");
            auto const* number = find(*inner, "01");
            auto const* service = find(account.sub, "02");
            ++inner;
            if (!acquirer || !is_digits(*acquirer, 6)) return QrFault::bad_format;
            if (!number) return QrFault::mandatory_missing;
            if (count_code_points(*number) > account_characters_max) return QrFault::bad_length;
            if (service && *service != "QRPUSH" && *service != "QRCASH" && *service != "QRIBFTTA" && *service != "QRIBFTTC")
                return QrFault::bad_service;
            account.acquirer = *acquirer;
            account.account = *number;
            account.service = service ? *service : "QRPUSH";
        }
        return std::nullopt;
    }

    // 13, 14
    Failure formats()
    {
        take_value("52", qr_.mcc);
        take_value("53", qr_.currency);
        take_value("54", qr_.amount);
        take_value("58", qr_.country);
        take_value("59", qr_.merchant_name);
        take_value("60", qr_.merchant_city);
        take_value("61", qr_.postal_code);
        if (qr_.mcc && !is_digits(*qr_.mcc, 4)) return QrFault::bad_format;
        if (qr_.currency && !is_digits(*qr_.currency, 3)) return QrFault::bad_format;
        if (qr_.country &&
            (qr_.country->size() != 2 || qr_.country->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)) {
            return QrFault::bad_format;
        }
        if (qr_.amount && !is_amount(*qr_.amount)) return QrFault::bad_amount;
        return std::nullopt;
    }

    // 15
    Failure tip()
    {
        take_value("55", qr_.tip_indicator);
        take_value("56", qr_.fee_fixed);
        take_value("57", qr_.fee_percent);
        auto const indicator = qr_.tip_indicator.value_or("");
        bool const known = !qr_.tip_indicator || indicator == "01" || indicator == "02" || indicator == "03";
        bool const fixed_fits = qr_.fee_fixed ? indicator == "02" && is_amount(*qr_.fee_fixed) : indicator != "02";
        bool const percent_fits = qr_.fee_percent ? indicator == "03" && is_percentage(*qr_.fee_percent) : indicator != "03";
        if (!known || !fixed_fits || !percent_fits) return QrFault::tip_rule;
        return std::nullopt;
    }

    // 16, and the free templates that never cause a refusal
    Failure templates()
    {
        if (auto fault = take_template("62", qr_.additional)) return fault;
        if (auto fault = take_template("64", qr_.language)) return fault;
        for (auto const& [id, value] : qr_.root) {
            if (id < "80") continue;
            if (auto sub = parse_template(value)) qr_.unreserved.emplace_back(id, *std::move(sub));
            else qr_.unreserved.emplace_back(id, value);
        }
        return std::nullopt;
    }

    // 17
    Failure mandatory()
    {
        auto const needs_initiation = [](MerchantAccount const& a) { return a.scheme == Scheme::vietqr && a.service != "QRPUSH"; };
        if (qr_.merchant_accounts.empty() || !qr_.currency || !qr_.country) return QrFault::mandatory_missing;
        if (qr_.initiation == Initiation::absent && std::ranges::any_of(qr_.merchant_accounts, needs_initiation))
            return QrFault::mandatory_missing;
        return std::nullopt;
    }

    std::string profile() const
    {
        for (auto scheme : {Scheme::vietqr, Scheme::vnpayqr, Scheme::promptpay, Scheme::paynow, Scheme::khqr}) {
            if (std::ranges::count(qr_.merchant_accounts, scheme, &MerchantAccount::scheme) > 0) return std::string(name_of(scheme));
        }
        return "EMV";
    }

    std::string const* root(std::string_view id) const
    {
        auto const place = place_[number_of(id)];
        return place == 0 ? nullptr : &qr_.root[place - 1U].second;
    }

    void take_value(std::string_view id, std::optional<std::string>& into)
    {
        if (auto const* value = root(id)) into = *value;
    }

    Failure take_template(std::string_view id, std::optional<SubObjects>& into)
    {
        auto const* value = root(id);
        if (!value) return std::nullopt;
        auto sub = parse_template(*value);
        if (!sub) return sub.error();
        into = *std::move(sub);
        return std::nullopt;
    }

    std::string_view payload_;
    std::vector<TlvObject> objects_;
    std::array<std::uint8_t, 100> place_{};  // of each ID at root level, counted from 1: each stands once there
    std::vector<SubObjects> inner_;  // 38-01 of each VietQR account
    DecodedQr qr_;
};

}  // namespace

tl::expected<DecodedQr, QrRefusal> decode_qr(std::string_view payload)
{
    Reader reader(payload);
    if (auto fault = reader.read()) return tl::unexpected(QrRefusal{*fault, closing_crc_fits(payload)});
    return reader.take();
}

MerchantAccount const* DecodedQr::vietqr() const
{
    auto const it = std::ranges::find(merchant_accounts, Scheme::vietqr, &MerchantAccount::scheme);
    return it == merchant_accounts.end() ? nullptr : &*it;
}

std::string const* find(SubObjects const& objects, std::string_view id)
{
    auto const it = std::ranges::find(objects, id, &SubObjects::value_type::first);
    return it == objects.end() ? nullptr : &it->second;
}

std::string_view name_of(QrFault fault)
{
    static constexpr std::array<std::string_view, 18> names = {
        "tlv_malformed",     "zero_length", "order",        "crc_missing",         "crc_not_last",   "duplicate_id",
        "crc_bad_length",    "crc_not_hex", "crc_mismatch", "unsupported_version", "bad_initiation", "nested_malformed",
        "mandatory_missing", "bad_format",  "bad_length",   "bad_service",         "bad_amount",     "tip_rule"};
    static_assert(static_cast<std::size_t>(QrFault::tip_rule) + 1 == names.size());
    return names[static_cast<std::size_t>(fault)];
}

std::string_view name_of(Initiation initiation)
{
    static constexpr std::array<std::string_view, 3> names = {"static", "dynamic", "absent"};
    return names[static_cast<std::size_t>(initiation)];
}

std::string_view name_of(Scheme scheme)
{
    static constexpr std::array<std::string_view, 7> names = {"VIETQR", "VNPAYQR", "PROMPTPAY", "PAYNOW", "KHQR", "OTHER", "PRIMITIVE"};
    return names[static_cast<std::size_t>(scheme)];
}

}  // namespace cho40::qr_pay
