# cmake -DOUTPUT=x.cc -DFILES=a;b -P embed.cmake: the definition of kEmbeddedFiles with these files.
set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}'\\0'};\n")
  string(APPEND rows "    {\"${name}\", {kFile${number}, sizeof kFile${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by embed.cmake.
#include \"web/embedded_files.h\"

namespace hpvmnet {
namespace {

${arrays}
constexpr EmbeddedFile kAll[] = {
${rows}};

}  // namespace

const std::span<const EmbeddedFile> kEmbeddedFiles(kAll);

}  // namespace hpvmnet
")
