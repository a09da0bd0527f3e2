package io.synapse.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a module shows to its users, as text: public types outside of packages named {@code internal}, and of each what
 * others can call, extend or read, with nullness. One line each, in an order that does not depend on anything.
 */
final class Surface {
    private static final Set<String> EVERY_OBJECT_HAS = Set.of("equals", "hashCode", "toString");

    private Surface() {}

    /** The surface of the module that a class is in. */
    static String of(Class<?> member) {
        List<String> lines = new ArrayList<>();
        for (String name : classesBeside(member)) {
            try {
                Class<?> type = Class.forName(name, false, member.getClassLoader());
                if (isPublished(type)) {
                    render(type, lines);
                }
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(name, e);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static Set<String> classesBeside(Class<?> member) {
        try {
            Path place = Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return classesIn(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return classesIn(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> classesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.startsWith("io/synapse/") && file.endsWith(".class"))
                    .filter(file -> !file.contains("/internal/") && !file.endsWith("package-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isPublished(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return outer == null
                ? Modifier.isPublic(type.getModifiers())
                : isPublished(outer) && isShown(type.getModifiers(), outer);
    }

    /** Public; or protected, where somebody can extend the type. */
    private static boolean isShown(int modifiers, Class<?> type) {
        return Modifier.isPublic(modifiers)
                || (Modifier.isProtected(modifiers) && !Modifier.isFinal(type.getModifiers()));
    }

    private static void render(Class<?> type, List<String> lines) {
        lines.add(head(type));
        Set<String> members = new TreeSet<>();
        // What a type has of an ancestor that is not shown itself is its own.
        Class<?> from = type;
        do {
            members.addAll(members(from, type));
            from = from.getSuperclass();
        } while (from != null && !isPublished(from) && from.getName().startsWith("io.synapse."));
        members.forEach(member -> lines.add("    " + member));
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder();
        int modifiers = type.getModifiers();
        boolean isPlain = !type.isInterface() && !type.isRecord() && !type.isEnum();
        head.append(isPlain && Modifier.isAbstract(modifiers) ? "abstract " : "")
                .append(isPlain && Modifier.isFinal(modifiers) ? "final " : "")
                .append(type.isSealed() ? "sealed " : "")
                .append(kind(type))
                .append(' ')
                .append(type.getName())
                .append(variables(type.getTypeParameters()));
        if (type.isRecord()) {
            head.append(Arrays.stream(type.getRecordComponents())
                    .map(component -> text(component.getAnnotatedType()) + " " + component.getName())
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        if (type.isEnum()) {
            head.append(Arrays.stream(type.getFields())
                    .filter(Field::isEnumConstant)
                    .map(Field::getName)
                    .collect(Collectors.joining(", ", " { ", " }")));
        }
        AnnotatedType above = type.getAnnotatedSuperclass();
        if (isPlain && above != null && type.getSuperclass() != Object.class && isPublished(type.getSuperclass())) {
            head.append(" extends ").append(text(above));
        }
        AnnotatedType[] interfaces = type.getAnnotatedInterfaces();
        if (interfaces.length > 0) {
            head.append(type.isInterface() ? " extends " : " implements ").append(texts(interfaces));
        }
        return head.toString();
    }

    private static String kind(Class<?> type) {
        return type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
    }

    private static List<String> members(Class<?> from, Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Field field : from.getDeclaredFields()) {
            if (isShown(field.getModifiers(), type) && !field.isSynthetic() && !field.isEnumConstant()) {
                members.add(flags(field.getModifiers() & ~Modifier.VOLATILE & ~Modifier.TRANSIENT, true)
                        + text(field.getAnnotatedType()) + " " + field.getName());
            }
        }
        for (Constructor<?> constructor : from.equals(type) ? from.getDeclaredConstructors() : new Constructor<?>[0]) {
            if (isShown(constructor.getModifiers(), type) && !constructor.isSynthetic() && !isCanonical(constructor)) {
                members.add("new" + parameters(constructor));
            }
        }
        for (Method method : from.getDeclaredMethods()) {
            if (isShown(method.getModifiers(), type) && !method.isSynthetic() && !isImplied(method, type)) {
                String variables = variables(method.getTypeParameters());
                members.add(flags(method.getModifiers(), false)
                        + (method.isDefault() ? "default " : "")
                        + (variables.isEmpty() ? "" : variables + " ")
                        + text(method.getAnnotatedReturnType()) + " " + method.getName() + parameters(method));
            }
        }
        return members;
    }

    private static boolean isCanonical(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new));
    }

    private static boolean isImplied(Method method, Class<?> type) {
        boolean isComponent = type.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals(method.getName()));
        boolean isOfEnums = type.isEnum() && Set.of("values", "valueOf").contains(method.getName());
        return isComponent || isOfEnums || EVERY_OBJECT_HAS.contains(method.getName());
    }

    private static String flags(int modifiers, boolean isField) {
        return (Modifier.isProtected(modifiers) ? "protected " : "")
                + (Modifier.isStatic(modifiers) ? "static " : "")
                + (Modifier.isAbstract(modifiers) ? "abstract " : "")
                + (Modifier.isFinal(modifiers) && (isField || !Modifier.isStatic(modifiers)) ? "final " : "");
    }

    private static String parameters(Executable executable) {
        String parameters = "(" + texts(executable.getAnnotatedParameterTypes()) + ")";
        AnnotatedType[] thrown = executable.getAnnotatedExceptionTypes();
        return thrown.length == 0 ? parameters : parameters + " throws " + texts(thrown);
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName() + bounds(variable.getAnnotatedBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(AnnotatedType[] bounds) {
        String text = Arrays.stream(bounds).map(Surface::text).collect(Collectors.joining(" & "));
        return text.equals("Object") ? "" : " extends " + text;
    }

    private static String texts(AnnotatedType[] types) {
        return Arrays.stream(types).map(Surface::text).collect(Collectors.joining(", "));
    }

    private static String text(AnnotatedType type) {
        String nullable = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        return switch (type) {
            case AnnotatedParameterizedType generic ->
                nullable + name(((java.lang.reflect.ParameterizedType) generic.getType()).getRawType()) + "<"
                        + texts(generic.getAnnotatedActualTypeArguments()) + ">";
            case AnnotatedArrayType array -> text(array.getAnnotatedGenericComponentType()) + " " + nullable + "[]";
            case AnnotatedWildcardType wildcard -> "?" + wildcard(wildcard);
            case AnnotatedTypeVariable variable -> nullable + variable.getType().getTypeName();
            default -> nullable + name(type.getType());
        };
    }

    private static String wildcard(AnnotatedWildcardType wildcard) {
        AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
        return lower.length > 0 ? " super " + texts(lower) : bounds(wildcard.getAnnotatedUpperBounds());
    }

    private static String name(java.lang.reflect.Type type) {
        String name = type.getTypeName();
        return name.startsWith("java.lang.") && name.indexOf('.', "java.lang.".length()) < 0
                ? name.substring("java.lang.".length())
                : name;
    }
}
