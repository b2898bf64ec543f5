#include "base/digest.h"
#include "base/check.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace cho40 {
namespace {

std::string hmac(EVP_MD const* md, std::string_view key, std::string_view message)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    CHO_CHECK(HMAC(md, key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(message.data()), message.size(),
                   out, &size) != nullptr);
    return std::string(reinterpret_cast<char const*>(out), size);
}

// OpenSSL's one-shot SHA256() looks the algorithm up and makes a context each time, which takes longer than to hash a
// short text. Each thread keeps a context of its own instead.
class Sha256Context {
public:
    Sha256Context() : md_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new())
    {
        CHO_CHECK(md_ != nullptr && context_ != nullptr && EVP_DigestInit_ex2(context_, md_, nullptr) == 1);
    }
    ~Sha256Context()
    {
        EVP_MD_CTX_free(context_);
        EVP_MD_free(md_);
    }
    Sha256Context(Sha256Context const&) = delete;
    Sha256Context& operator=(Sha256Context const&) = delete;

    void begin() { CHO_CHECK(EVP_DigestInit_ex2(context_, nullptr, nullptr) == 1); }
    void add(std::string_view bytes) { CHO_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1); }
    [[nodiscard]] Sha256 end_of(Sha256Context const& other)
    {
        Sha256 out;
        CHO_CHECK(EVP_MD_CTX_copy_ex(context_, other.context_) == 1 && EVP_DigestFinal_ex(context_, out.data(), nullptr) == 1);
        return out;
    }

    [[nodiscard]] Sha256 of(std::string_view bytes)
    {
        Sha256 out;
        CHO_CHECK(EVP_DigestInit_ex2(context_, nullptr, nullptr) == 1 && EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1 &&
                  EVP_DigestFinal_ex(context_, out.data(), nullptr) == 1);
        return out;
    }

private:
    EVP_MD* md_;
    EVP_MD_CTX* context_;
};

}  // namespace

Sha256 sha256(std::string_view bytes)
{
    thread_local Sha256Context context;
    return context.of(bytes);
}

struct Sha256Stream::Context {
    Sha256Context sha;
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) { context_->sha.begin(); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
void Sha256Stream::add(std::string_view bytes) { context_->sha.add(bytes); }

Sha256 Sha256Stream::digest() const
{
    Sha256Context copy;
    return copy.end_of(context_->sha);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) { return to_hex(hmac(EVP_sha256(), key, message)); }

std::string hmac_sha512_hex(std::string_view key, std::string_view message) { return to_hex(hmac(EVP_sha512(), key, message)); }

Sha256 hmac_sha256(std::string_view key, std::string_view message)
{
    auto const bytes = hmac(EVP_sha256(), key, message);
    Sha256 out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

std::string to_hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (unsigned char b : bytes) {
        text += digits[b >> 4];
        text += digits[b & 15];
    }
    return text;
}

std::string to_hex(Sha256 const& digest) { return to_hex(std::string_view(reinterpret_cast<char const*>(digest.data()), digest.size())); }

std::optional<std::string> from_hex(std::string_view text)
{
    auto const value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        auto const high = value(text[i]);
        auto const low = value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string to_base64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<unsigned char const*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    return text;
}

std::optional<std::string> from_base64(std::string_view text)
{
    if (text.size() % 4 != 0) return std::nullopt;
    auto const padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
    auto const body = text.substr(0, text.size() - padding);
    if (body.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != body.npos) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<unsigned char const*>(text.data()),
                                      static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cho40
