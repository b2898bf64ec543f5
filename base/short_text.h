#pragma once
#include <array>
#include <compare>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace cho40 {

// A text in a record that is kept by the million: 16 bytes where std::string takes 32, so that twice as many records fit
// into the same memory. Up to 15 bytes lie inside, longer ones on the heap. Reads as a std::string_view.
class ShortText {
public:
    static constexpr std::size_t inside_max = 15;

    ShortText() noexcept = default;
    // Not explicit: it stands where std::string stood. Pre: less than 4 GiB.
    template <class Text>
        requires std::convertible_to<Text const&, std::string_view> && (!std::same_as<Text, ShortText>)
    ShortText(Text const& text)
    {
        set(text);
    }
    ShortText(ShortText const& other)
    {
        if (other.outside()) set(other.view());
        else raw_ = other.raw_;
    }
    ShortText(ShortText&& other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    ShortText& operator=(ShortText other) noexcept
    {
        std::swap(raw_, other.raw_);
        return *this;
    }
    ~ShortText()
    {
        if (outside()) delete[] bytes();
    }

    [[nodiscard]] std::string_view view() const noexcept
    {
        return outside() ? std::string_view(bytes(), outside_size()) : std::string_view(raw_.data(), static_cast<std::uint8_t>(raw_[15]));
    }
    operator std::string_view() const noexcept { return view(); }
    [[nodiscard]] std::string str() const { return std::string(view()); }
    [[nodiscard]] bool empty() const noexcept { return raw_[15] == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return view().size(); }

    template <std::convertible_to<std::string_view> Text>
    friend bool operator==(ShortText const& a, Text const& b) noexcept
    {
        return a.view() == std::string_view(b);
    }
    template <std::convertible_to<std::string_view> Text>
    friend std::strong_ordering operator<=>(ShortText const& a, Text const& b) noexcept
    {
        return a.view() <=> std::string_view(b);
    }
    friend std::string operator+(std::string_view a, ShortText const& b) { return std::string(a).append(b.view()); }
    friend std::string operator+(ShortText const& a, std::string_view b) { return a.str().append(b); }

private:
    // The last byte is the size of a text inside, or this: then the first twelve are where it is and how long.
    static constexpr char elsewhere = '\x7F';

    [[nodiscard]] bool outside() const noexcept { return raw_[15] == elsewhere; }
    [[nodiscard]] char* bytes() const noexcept
    {
        char* out = nullptr;
        std::memcpy(&out, raw_.data(), sizeof out);
        return out;
    }
    [[nodiscard]] std::uint32_t outside_size() const noexcept
    {
        std::uint32_t out = 0;
        std::memcpy(&out, raw_.data() + sizeof(char*), sizeof out);
        return out;
    }
    void set(std::string_view text);

    alignas(char*) std::array<char, 16> raw_{};
};

static_assert(sizeof(ShortText) == 16);

}  // namespace cho40
