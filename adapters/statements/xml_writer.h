#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <initializer_list>
#include <memory>
#include <string>

struct _xmlBuffer;
struct _xmlTextWriter;

namespace cho40::statements {

// 2026-11-17T10:15:00+07:00
[[nodiscard]] std::string offset_time(Instant at);

// Writes one ISO 20022 document, indented by a space a level. Same calls, same bytes.
class XmlWriter {
public:
    XmlWriter();
    ~XmlWriter();
    XmlWriter(XmlWriter const&) = delete;
    XmlWriter& operator=(XmlWriter const&) = delete;

    void open(char const* name);
    void close();
    void attribute(char const* name, std::string const& value);
    void text(char const* name, std::string const& value);
    // In VND, without a fraction.
    void amount(char const* name, Dong value);
    // Several elements inside each other around one text.
    void nested(std::initializer_list<char const*> names, std::string const& value);

    // The whole document; nothing can be written after it.
    [[nodiscard]] std::string finish();

private:
    std::unique_ptr<_xmlBuffer, void (*)(_xmlBuffer*)> buffer_;
    std::unique_ptr<_xmlTextWriter, void (*)(_xmlTextWriter*)> writer_;
};

}  // namespace cho40::statements
