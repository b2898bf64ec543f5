#include "adapters/statements/xml_writer.h"
#include "base/check.h"
#include <libxml/xmlwriter.h>

namespace cho40::statements {
namespace {

xmlChar const* bytes(char const* text) { return reinterpret_cast<xmlChar const*>(text); }

}  // namespace

std::string offset_time(Instant at)
{
    auto text = to_local_time(at);
    text[10] = 'T';
    return text + "+07:00";
}

XmlWriter::XmlWriter() : buffer_(xmlBufferCreate(), xmlBufferFree), writer_(xmlNewTextWriterMemory(buffer_.get(), 0), xmlFreeTextWriter)
{
    CHO_CHECK(buffer_ && writer_);
    xmlTextWriterSetIndent(writer_.get(), 1);
    xmlTextWriterSetIndentString(writer_.get(), bytes(" "));
    xmlTextWriterStartDocument(writer_.get(), nullptr, "UTF-8", nullptr);
}

XmlWriter::~XmlWriter() = default;

void XmlWriter::open(char const* name) { xmlTextWriterStartElement(writer_.get(), bytes(name)); }

void XmlWriter::close() { xmlTextWriterEndElement(writer_.get()); }

void XmlWriter::attribute(char const* name, std::string const& value)
{
    xmlTextWriterWriteAttribute(writer_.get(), bytes(name), bytes(value.c_str()));
}

void XmlWriter::text(char const* name, std::string const& value)
{
    xmlTextWriterWriteElement(writer_.get(), bytes(name), bytes(value.c_str()));
}

void XmlWriter::amount(char const* name, Dong value)
{
    open(name);
    attribute("Ccy", "VND");
    xmlTextWriterWriteString(writer_.get(), bytes(std::to_string(value.count()).c_str()));
    close();
}

void XmlWriter::nested(std::initializer_list<char const*> names, std::string const& value)
{
    auto const* const last = names.end() - 1;
    for (auto const* name = names.begin(); name != last; ++name) open(*name);
    text(*last, value);
    for (std::size_t i = 1; i < names.size(); ++i) close();
}

std::string XmlWriter::finish()
{
    xmlTextWriterEndDocument(writer_.get());
    xmlTextWriterFlush(writer_.get());
    return std::string(reinterpret_cast<char const*>(xmlBufferContent(buffer_.get())),
                       static_cast<std::size_t>(xmlBufferLength(buffer_.get())));
}

}  // namespace cho40::statements
