package dev.meshdojo.simulator.apiserver.schema;

/**
 * One entry of {@code x-kubernetes-validations}.
 *
 * @param rule a CEL expression over {@code self} and, for transitions, {@code oldSelf}
 * @param message what a user reads when it is false; may be empty
 * @param messageExpression a CEL expression for the message; may be empty
 * @param reason {@code FieldValueInvalid} and so on; may be empty
 * @param fieldPath relative path of the field to blame, such as {@code .a.b}; may be empty
 * @param optionalOldSelf whether a rule on {@code oldSelf} also runs on creation
 * @param at where the rule stands in its schema
 */
record CelRule(
        String rule,
        String message,
        String messageExpression,
        String reason,
        String fieldPath,
        boolean optionalOldSelf,
        String at) {

    /** Whether it compares with the object before the change. */
    boolean isTransition() {
        return rule.contains("oldSelf");
    }

    /** The message, or what stands in for it. */
    String text() {
        return message.isEmpty() ? "failed rule: " + rule.strip() : message;
    }
}
