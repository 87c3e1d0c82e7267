package dev.meshdojo.simulator.analysis;

import java.util.Comparator;

/**
 * One finding.
 *
 * @param type code and level
 * @param subject the object it is about
 * @param text what istioctl prints
 */
public record Message(MessageType type, AnalyzedObject subject, String text) {

    /** istioctl's order: level, code, subject, text. */
    public static final Comparator<Message> ORDER =
            Comparator.comparing((Message message) -> message.type.level())
                    .thenComparing(message -> message.type.code())
                    .thenComparing(message -> message.subject.kind().kind())
                    .thenComparing(message -> message.subject.name() + "/")
                    .thenComparing(message -> message.subject.namespace())
                    .thenComparing(Message::text);

    /** A finding with the arguments that its type's wording asks for. */
    public static Message of(MessageType type, AnalyzedObject subject, Object... arguments) {
        return new Message(type, subject, type.render(arguments));
    }

    /** {@code IST} and four digits. */
    public String code() {
        return type.code();
    }

    /** {@code Error}, {@code Warning} or {@code Info}. */
    public String level() {
        return type.level().word();
    }

    /** {@code Kind namespace/name}. */
    public String origin() {
        return subject.origin();
    }
}
