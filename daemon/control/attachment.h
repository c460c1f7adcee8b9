#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "control/status.h"
#include "plugin/adaptor.h"

namespace hpvmnet {

/// A vNIC that a hypervisor is to attach.
struct AttachedVnic {
  std::string adaptor_name;
  const Adaptor* adaptor = nullptr;  ///< none where no plugin provides it
  AttachmentSpec spec;
};

/// What the hypervisor is to be told, put together from what the adaptors say of their vNICs; no
/// warnings. Refuses vNICs that it cannot attach.
Result<Attachment> describe_attachment(const std::string& guest,
                                       const std::vector<AttachedVnic>& vnics,
                                       const AttachmentRequest& request);

}  // namespace hpvmnet
