package dev.patchbay.hub.metrics;

/** A page in Prometheus' text format 0.0.4, while it is being written. For one thread. */
final class Page {
    private final StringBuilder text = new StringBuilder(16_384);

    void family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, String labels, double value) {
        sample(name, labels, number(value));
    }

    void sample(String name, String labels, long value) {
        sample(name, labels, Long.toString(value));
    }

    private void sample(String name, String labels, String value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** Labels with one more. */
    static String with(String labels, String name, String value) {
        String label = name + "=\"" + escaped(value) + '"';
        return labels.isEmpty() ? label : labels + ',' + label;
    }

    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        // Whole numbers without exponent: a person reads this page too.
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
