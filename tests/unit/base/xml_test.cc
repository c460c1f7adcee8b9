#include "base/xml.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

TEST(XmlEscaped, ReplacesWhatMeansSomething) {
  EXPECT_EQ(xml_escaped("<a&b>'\"c\" d"), "&lt;a&amp;b&gt;&apos;&quot;c&quot; d");
}

}  // namespace
}  // namespace hpvmnet
