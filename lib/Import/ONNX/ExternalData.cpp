//===- ExternalData.cpp - Weights in files beside the model -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExternalData.h"

#include "onnx/onnx_pb.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::cgmq;

LogicalResult
cgmq::readExternalData(onnx::TensorProto &tensor, StringRef modelPath,
                       function_ref<InFlightDiagnostic()> emitError) {
  if (tensor.data_location() != onnx::TensorProto::EXTERNAL)
    return success();
  StringRef location;
  uint64_t offset = 0, length = 0;
  bool hasLength = false;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    bool isWrong = false;
    if (key == "location") {
      location = value;
    } else if (key == "offset") {
      isWrong = value.getAsInteger(10, offset);
    } else if (key == "length") {
      isWrong = value.getAsInteger(10, length);
      hasLength = true;
    }
    if (isWrong)
      return emitError() << "expects a number of bytes as '" << key
                         << "' of external data, but got '" << value << "'";
  }
  // A model cannot make the compiler read whatever it likes.
  if (location.empty() || llvm::sys::path::is_absolute(location) ||
      llvm::is_contained(llvm::make_range(llvm::sys::path::begin(location),
                                          llvm::sys::path::end(location)),
                         ".."))
    return emitError() << "expects external data in the directory of the "
                          "model, but got location '"
                       << location << "'";

  SmallString<128> path = llvm::sys::path::parent_path(modelPath);
  llvm::sys::path::append(path, location);
  auto whole = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!whole)
    return emitError() << "cannot read external data '" << path
                       << "': " << whole.getError().message();
  StringRef data = (*whole)->getBuffer();
  if (!hasLength && offset <= data.size())
    length = data.size() - offset;
  if (offset > data.size() || length > data.size() - offset)
    return emitError() << "expects " << length << " bytes at offset " << offset
                       << " of '" << path << "', but got a file of "
                       << data.size();
  tensor.set_raw_data(data.data() + offset, length);
  tensor.set_data_location(onnx::TensorProto::DEFAULT);
  tensor.clear_external_data();
  return success();
}
