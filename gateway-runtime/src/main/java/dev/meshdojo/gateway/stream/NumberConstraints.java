package dev.meshdojo.gateway.stream;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The {@code validate.rules} of numbers: all number types have the same rules by name. */
final class NumberConstraints {

    private NumberConstraints() {}

    static @Nullable String violation(Number number, FieldRules rules) {
        FieldDescriptor type =
                rules.getOneofFieldDescriptor(
                        FieldRules.getDescriptor().getRealOneofs().getFirst());
        if (type == null || !(rules.getField(type) instanceof Message bounds)) {
            return null;
        }
        boolean unsigned = type.getName().startsWith("uint") || type.getName().startsWith("fixed");
        BigDecimal value = decimal(number, unsigned);
        BigDecimal gt = bound(bounds, "gt", unsigned);
        BigDecimal gte = bound(bounds, "gte", unsigned);
        BigDecimal lt = bound(bounds, "lt", unsigned);
        BigDecimal lte = bound(bounds, "lte", unsigned);
        boolean low =
                (gt != null && value.compareTo(gt) <= 0)
                        || (gte != null && value.compareTo(gte) < 0);
        boolean high =
                (lt != null && value.compareTo(lt) >= 0)
                        || (lte != null && value.compareTo(lte) > 0);
        if (!low && !high) {
            return null;
        }
        if ((gt != null || gte != null) && (lt != null || lte != null)) {
            return "value must be inside range "
                    + (gte != null ? "[" + gte.toPlainString() : "(" + plain(gt))
                    + ", "
                    + (lte != null ? lte.toPlainString() + "]" : plain(lt) + ")");
        }
        if (low) {
            return gt != null
                    ? "value must be greater than " + plain(gt)
                    : "value must be greater than or equal to " + plain(gte);
        }
        return lt != null
                ? "value must be less than " + plain(lt)
                : "value must be less than or equal to " + plain(lte);
    }

    private static String plain(@Nullable BigDecimal number) {
        return number == null ? "" : number.toPlainString();
    }

    private static @Nullable BigDecimal bound(Message bounds, String name, boolean unsigned) {
        FieldDescriptor field = bounds.getDescriptorForType().findFieldByName(name);
        return field == null || !bounds.hasField(field)
                ? null
                : decimal((Number) bounds.getField(field), unsigned);
    }

    private static BigDecimal decimal(Number number, boolean unsigned) {
        return switch (number) {
            case Integer i when unsigned -> new BigDecimal(Integer.toUnsignedLong(i));
            case Long l when unsigned -> new BigDecimal(Long.toUnsignedString(l));
            default -> new BigDecimal(number.toString());
        };
    }
}
