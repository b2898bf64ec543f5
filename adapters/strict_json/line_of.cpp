#include "adapters/strict_json/strict_json.h"
#include <iterator>
#include <nlohmann/json.hpp>

namespace cho40::strict_json {
namespace {

using nlohmann::json;

// Counts the lines of what was taken from it.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = char const*;
    using reference = char const&;

    CountingIterator(char const* at, std::size_t* line) : at_(at), line_(line) {}

    reference operator*() const { return *at_; }
    CountingIterator& operator++()
    {
        if (*at_ == '\n') ++*line_;
        ++at_;
        return *this;
    }
    CountingIterator operator++(int)
    {
        auto before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(CountingIterator const& a, CountingIterator const& b) { return a.at_ == b.at_; }

private:
    char const* at_;
    std::size_t* line_;
};

// Follows the pointer as far as it leads. Names and braces are told at their last character; a number only after the next.
class Finder {
public:
    Finder(std::string_view wanted, std::size_t const& line) : wanted_(wanted), line_(line) {}

    std::size_t found = 1;

    bool null() { return value(); }
    bool boolean(bool) { return value(); }
    bool number_integer(json::number_integer_t) { return value(); }
    bool number_unsigned(json::number_unsigned_t) { return value(); }
    bool number_float(json::number_float_t, json::string_t const&) { return value(); }
    bool string(json::string_t&) { return value(); }
    bool binary(json::binary_t&) { return value(); }
    bool start_object(std::size_t) { return open(false); }
    bool start_array(std::size_t) { return open(true); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t, std::string const&, json::exception const&) { return false; }

    bool key(json::string_t& name)
    {
        path_.resize(open_.back().path);
        path_ = pointer(path_, name);
        note();
        return true;
    }

private:
    struct Open {
        std::size_t path;   // length of its own pointer
        bool array;
        std::size_t next;   // element
    };

    void note()
    {
        bool const on_the_way = wanted_.starts_with(path_) && (wanted_.size() == path_.size() || wanted_[path_.size()] == '/');
        if (!on_the_way || path_.size() < best_) return;
        best_ = path_.size();
        found = line_;
    }

    void enter_element()
    {
        if (open_.empty() || !open_.back().array) return;
        path_.resize(open_.back().path);
        path_ = pointer(path_, std::to_string(open_.back().next++));
    }

    bool value()
    {
        enter_element();
        return true;
    }

    bool open(bool array)
    {
        enter_element();
        if (open_.empty() || open_.back().array) note();
        open_.push_back({path_.size(), array, 0});
        return true;
    }

    bool close()
    {
        open_.pop_back();
        return true;
    }

    std::string_view wanted_;
    std::size_t const& line_;
    std::string path_;
    std::size_t best_ = 0;
    std::vector<Open> open_;
};

}  // namespace

std::size_t line_of(std::string_view text, std::string_view pointer)
{
    std::size_t line = 1;
    Finder finder(pointer, line);
    json::sax_parse(CountingIterator(text.data(), &line), CountingIterator(text.data() + text.size(), &line), &finder);
    return finder.found;
}

}  // namespace cho40::strict_json
