//===- ArrayFile.cpp - Arrays in IDX and .npy files -*- C++ -*-===//
//
// Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "cgmq/Training/ArrayFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <zlib.h>

#include <cstring>

using namespace mlir;
using namespace mlir::cgmq;
using EmitError = function_ref<InFlightDiagnostic()>;

namespace {
/// What the header of a file says.
struct Header {
  SmallVector<int64_t> shape;
  StringRef elementName;
  bool isBigEndian;
  size_t numBytes;
};
} // namespace

StringRef Array::getElementName() const {
  static constexpr StringLiteral names[] = {"u8", "i32", "i64", "f32", "f64"};
  return names[elements.index()];
}

int64_t Array::getNumElements() const {
  return std::visit(
      [](const auto &vector) { return static_cast<int64_t>(vector.size()); },
      elements);
}

//===----------------------------------------------------------------------===//
// gzip
//===----------------------------------------------------------------------===//

/// Inflates all members of a gzip file.
static FailureOr<std::string> inflateGzip(StringRef path, StringRef data,
                                          EmitError emitError) {
  z_stream stream = {};
  constexpr int gzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, gzipOnly) != Z_OK)
    return emitError() << "cannot start to inflate '" << path << "'";
  auto fail = [&](StringRef what) -> FailureOr<std::string> {
    inflateEnd(&stream);
    return emitError() << "'" << path << "' expects valid gzip data, but "
                       << what;
  };
  std::string result;
  std::vector<char> chunk(1 << 20);
  size_t consumed = 0;
  while (consumed < data.size()) {
    size_t available = std::min<size_t>(data.size() - consumed, 1 << 30);
    stream.next_in =
        reinterpret_cast<Bytef *>(const_cast<char *>(data.data() + consumed));
    stream.avail_in = static_cast<uInt>(available);
    int status = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef *>(chunk.data());
      stream.avail_out = static_cast<uInt>(chunk.size());
      status = inflate(&stream, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return fail(consumed == 0 || !stream.msg
                        ? "the stream is corrupt"
                        : "the stream is corrupt or bytes trail it");
      result.append(chunk.data(), chunk.size() - stream.avail_out);
    } while (status == Z_OK && (stream.avail_in || !stream.avail_out));
    consumed += available - stream.avail_in;
    if (status == Z_STREAM_END) {
      if (consumed < data.size() && inflateReset(&stream) != Z_OK)
        return fail("the stream is corrupt");
      if (consumed == data.size()) {
        inflateEnd(&stream);
        return result;
      }
    }
  }
  return fail("the stream is truncated");
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

/// IDX: two zero bytes, the element type, the rank, an extent for each
/// dimension; all big endian.
static FailureOr<Header> readIdxHeader(StringRef path, StringRef data,
                                       EmitError emitError) {
  Header header;
  header.isBigEndian = true;
  uint8_t type = data[2], rank = data[3];
  switch (type) {
  case 0x08:
    header.elementName = "u8";
    break;
  case 0x0C:
    header.elementName = "i32";
    break;
  case 0x0D:
    header.elementName = "f32";
    break;
  case 0x0E:
    header.elementName = "f64";
    break;
  default:
    return emitError() << "'" << path
                       << "' expects IDX element type 0x08 (u8), 0x0C (i32), "
                          "0x0D (f32) or 0x0E (f64), but got 0x"
                       << llvm::utohexstr(type, false, 2);
  }
  header.numBytes = 4 + 4 * size_t(rank);
  if (data.size() < header.numBytes)
    return emitError() << "'" << path << "' expects an IDX header of "
                       << header.numBytes << " bytes, but the file has "
                       << data.size();
  for (unsigned dim = 0; dim < rank; ++dim)
    header.shape.push_back(
        llvm::support::endian::read32be(data.data() + 4 + 4 * dim));
  return header;
}

/// Takes `key: value` pairs from the dictionary literal of a .npy header. The
/// writers of such files agree on its keys, not on their order or spacing.
static bool parseNpyDictionary(StringRef text, StringRef &descr,
                               StringRef &order, StringRef &shape) {
  text = text.trim(" \n");
  if (!text.consume_front("{") || !text.consume_back("}"))
    return false;
  while (!(text = text.ltrim(" ,\n")).empty()) {
    char quote = text.front();
    if (quote != '\'' && quote != '"')
      return false;
    auto [key, rest] = text.drop_front().split(quote);
    rest = rest.ltrim();
    if (!rest.consume_front(":"))
      return false;
    rest = rest.ltrim();
    if (rest.empty())
      return false;
    StringRef closers = rest.front() == '('    ? ")"
                        : rest.front() == '['  ? "]"
                        : rest.front() == '\'' ? "'"
                        : rest.front() == '"'  ? "\""
                                               : ",";
    size_t end = rest.find_first_of(closers, 1);
    StringRef value = rest.take_front(end).rtrim();
    if (closers != "," && end == StringRef::npos)
      return false;
    text = end == StringRef::npos ? StringRef() : rest.drop_front(end + 1);
    if (closers == "'" || closers == "\"" || closers == ")")
      value = value.drop_front();
    if (key == "descr")
      descr = value;
    else if (key == "fortran_order")
      order = value;
    else if (key == "shape")
      shape = value;
    else
      return false;
  }
  return !descr.empty() && !order.empty() && shape.data();
}

static FailureOr<Header> readNpyHeader(StringRef path, StringRef data,
                                       EmitError emitError) {
  auto malformed = [&]() -> FailureOr<Header> {
    return emitError() << "'" << path
                       << "' expects a .npy header with descr, fortran_order "
                          "and shape, but it is malformed";
  };
  if (data.size() < 12)
    return malformed();
  uint8_t version = data[6];
  if (version < 1 || version > 3)
    return emitError() << "'" << path
                       << "' expects .npy version 1, 2 or 3, but got "
                       << unsigned(version);
  size_t start = version == 1 ? 10 : 12;
  size_t length = version == 1
                      ? llvm::support::endian::read16le(data.data() + 8)
                      : llvm::support::endian::read32le(data.data() + 8);
  if (data.size() - start < length)
    return malformed();
  Header header;
  header.isBigEndian = false;
  header.numBytes = start + length;
  StringRef descr, order, shape;
  if (!parseNpyDictionary(data.substr(start, length), descr, order, shape))
    return malformed();

  header.elementName = llvm::StringSwitch<StringRef>(descr)
                           .Cases({"|u1", "<u1", "u1"}, "u8")
                           .Case("<i4", "i32")
                           .Case("<i8", "i64")
                           .Case("<f4", "f32")
                           .Case("<f8", "f64")
                           .Default("");
  if (header.elementName.empty())
    return emitError() << "'" << path
                       << "' expects .npy elements |u1, <i4, <i8, <f4 or <f8 "
                          "(little endian), but got "
                       << descr;
  if (order != "False")
    return emitError() << "'" << path
                       << "' expects C order (fortran_order False), but got "
                          "fortran_order "
                       << order;
  SmallVector<StringRef> extents;
  shape.split(extents, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef text : extents) {
    int64_t extent;
    if (text.trim().empty())
      continue;
    if (text.trim().getAsInteger(10, extent) || extent < 0)
      return malformed();
    header.shape.push_back(extent);
  }
  return header;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

template <typename T>
static FailureOr<Array> readElements(StringRef path, StringRef data,
                                     const Header &header,
                                     EmitError emitError) {
  uint64_t count = 1;
  bool overflow = false;
  for (int64_t extent : header.shape) {
    bool product = false;
    count = llvm::SaturatingMultiply<uint64_t>(count, extent, &product);
    overflow |= product;
  }
  StringRef body = data.drop_front(header.numBytes);
  uint64_t expected =
      llvm::SaturatingMultiply<uint64_t>(count, sizeof(T), &overflow);
  if (overflow || expected != body.size()) {
    InFlightDiagnostic diagnostic = emitError();
    diagnostic << "'" << path << "' expects ";
    if (overflow)
      diagnostic << "a shape that fits in memory";
    else
      diagnostic << expected << " bytes of data";
    diagnostic << " (shape " << ArrayRef<int64_t>(header.shape) << " of "
               << header.elementName << "), but got " << body.size()
               << " bytes: the file is "
               << (overflow || body.size() < expected
                       ? "truncated"
                       : "followed by other bytes");
    return diagnostic;
  }
  std::vector<T> values(count);
  if (count)
    std::memcpy(values.data(), body.data(), expected);
  auto order =
      header.isBigEndian ? llvm::endianness::big : llvm::endianness::little;
  if (order != llvm::endianness::native)
    for (T &value : values)
      value = llvm::support::endian::read<T>(&value, order);
  return Array{header.shape, std::move(values)};
}

FailureOr<Array> cgmq::readArrayFile(StringRef path, EmitError emitError) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError() << "cannot read '" << path
                       << "': " << buffer.getError().message();
  StringRef data = (*buffer)->getBuffer();
  std::string inflated;
  if (data.starts_with("\x1f\x8b")) {
    FailureOr<std::string> result = inflateGzip(path, data, emitError);
    if (failed(result))
      return failure();
    inflated = std::move(*result);
    data = inflated;
  }

  FailureOr<Header> header = failure();
  if (data.size() >= 4 && data[0] == 0 && data[1] == 0)
    header = readIdxHeader(path, data, emitError);
  else if (data.starts_with("\x93NUMPY"))
    header = readNpyHeader(path, data, emitError);
  else
    return emitError() << "'" << path
                       << "' expects an IDX or .npy file, plain or gzip, but "
                          "its first bytes are those of neither";
  if (failed(header))
    return failure();
  if (header->elementName == "u8")
    return readElements<uint8_t>(path, data, *header, emitError);
  if (header->elementName == "i32")
    return readElements<int32_t>(path, data, *header, emitError);
  if (header->elementName == "i64")
    return readElements<int64_t>(path, data, *header, emitError);
  if (header->elementName == "f32")
    return readElements<float>(path, data, *header, emitError);
  return readElements<double>(path, data, *header, emitError);
}

/// Writes elements of four bytes.
template <typename T>
static void writeNpy(raw_ostream &os, StringRef type, ArrayRef<T> values,
                     const Twine &shape) {
  std::string header =
      ("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape +
       "), }")
          .str();
  constexpr size_t prefix = 10, alignment = 64;
  header.resize(llvm::alignTo(prefix + header.size() + 1, alignment) - prefix,
                ' ');
  header.back() = '\n';
  os << StringRef("\x93NUMPY\x01\x00", 8)
     << static_cast<char>(header.size() & 0xff)
     << static_cast<char>(header.size() >> 8) << header;
  for (T value : values) {
    char bytes[sizeof(value)];
    llvm::support::endian::write32le(bytes, llvm::bit_cast<uint32_t>(value));
    os.write(bytes, sizeof(bytes));
  }
}

void cgmq::writeNpy(raw_ostream &os, ArrayRef<int32_t> values) {
  ::writeNpy(os, "<i4", values, Twine(values.size()) + ",");
}
void cgmq::writeNpy(raw_ostream &os, ArrayRef<int32_t> values,
                    int64_t columns) {
  ::writeNpy(os, "<i4", values,
             Twine(values.size() / columns) + ", " + Twine(columns));
}
void cgmq::writeNpy(raw_ostream &os, ArrayRef<float> values, int64_t columns) {
  ::writeNpy(os, "<f4", values,
             Twine(values.size() / columns) + ", " + Twine(columns));
}
