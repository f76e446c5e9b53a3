using System.Buffers.Binary;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests bytes of the message as a number. It is there whole or not at all.</summary>
internal readonly struct NumberLeaf
{
    private readonly ulong _mask;
    private readonly ValueTest _values;
    private readonly int _offset;
    private readonly byte _width;
    private readonly bool _isLittleEndian;

    internal NumberLeaf(BytesAsNumberTest test)
    {
        (_offset, _width, _isLittleEndian, _mask) = (test.Offset, (byte)test.Width, test.IsLittleEndian, test.Mask);
        _values = new ValueTest(test.Values);
    }

    internal Truth Test(ref Evaluation evaluation)
    {
        ReadOnlySpan<byte> data = evaluation.Data;
        if ((uint)_offset >= (uint)data.Length || data.Length - _offset < _width)
            return evaluation.Without((long)_offset + _width);

        ulong value = Read(data[_offset..]) & _mask;
        return Truth.Of(_values.Contains(value));
    }

    private ulong Read(ReadOnlySpan<byte> bytes) => _width switch
    {
        1 => bytes[0],
        2 => _isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes),
        4 => _isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => _isLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };
}
