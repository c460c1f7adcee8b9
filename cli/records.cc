#include "cli/records.h"

#include <algorithm>

#include <fmt/format.h>
#include <tinyxml2.h>

namespace hpvmnet::cli {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (is_control(c)) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      continue;
    }
    if (c == ':' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

// `place`: names of what the record is part of, each with a colon before it.
void add_lines(const Record& record, std::string place, std::string& text) {
  if (!record.fields.empty()) {
    text += record.kind + place;
    for (const auto* fields : {&record.identity, &record.fields}) {
      for (const auto& [name, value] : *fields) text += ':' + escaped(value);
    }
    text += '\n';
  }
  if (!record.identity.empty()) place += ':' + escaped(record.identity.front().second);
  for (const Record& part : record.parts) add_lines(part, place, text);
}

// XML has no way to write control characters.
std::string printable(std::string value) {
  std::ranges::replace_if(value, is_control, '?');
  return value;
}

void add_element(const Record& record, tinyxml2::XMLPrinter& printer) {
  printer.OpenElement(record.kind.c_str());
  for (const auto& [name, value] : record.identity) {
    printer.PushAttribute(name.c_str(), printable(value).c_str());
  }
  for (const auto& [name, value] : record.fields) {
    printer.OpenElement(name.c_str());
    if (!value.empty()) printer.PushText(printable(value).c_str());
    printer.CloseElement();
  }
  for (const Record& part : record.parts) add_element(part, printer);
  printer.CloseElement();
}

}  // namespace

std::string machine_text(const Records& records) {
  std::string text;
  for (const Record& record : records) add_lines(record, "", text);
  return text;
}

std::string xml_text(const std::string& root, const Records& records) {
  tinyxml2::XMLPrinter printer;
  printer.PushHeader(/*writeBOM=*/false, /*writeDeclaration=*/true);
  add_element({.kind = root, .identity = {}, .fields = {}, .parts = records}, printer);
  return printer.CStr();
}

}  // namespace hpvmnet::cli
