package dev.torc.testkit.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Torc with one rule broken: its classes loaded anew, with each call of `callee` in `method` of
/// `owner` left out and its result, if it has one, replaced.
final class BrokenBuild extends ClassLoader {
    private final String owner;
    private final String method;
    private final String callee;
    private final int result;
    private int callsLeftOut;

    BrokenBuild(String owner, String method, String callee, int result) {
        super(BrokenBuild.class.getClassLoader());
        this.owner = owner;
        this.method = method;
        this.callee = callee;
        this.result = result;
    }

    /// The calls that it has left out so far; a canary that breaks nothing proves nothing.
    int callsLeftOut() {
        return callsLeftOut;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.torc.")) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) return loaded;
            byte[] bytes = bytes(name);
            if (name.equals(owner)) bytes = broken(bytes);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) throw new ClassNotFoundException(name);
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] broken(byte[] bytes) {
        ClassFile format = ClassFile.of();
        ClassTransform transform =
                ClassTransform.transformingMethodBodies(
                        model -> model.methodName().equalsString(method),
                        CodeTransform.ofStateful(() -> this::leaveOut));
        return format.transformClass(format.parse(bytes), transform);
    }

    private void leaveOut(CodeBuilder code, CodeElement element) {
        boolean matches =
                element instanceof InvokeInstruction call && call.name().equalsString(callee);
        if (!matches) {
            code.with(element);
            return;
        }
        InvokeInstruction call = (InvokeInstruction) element;
        callsLeftOut++;
        MethodTypeDesc type = call.typeSymbol();
        List<ClassDesc> arguments = new ArrayList<>(type.parameterList());
        for (ClassDesc argument : arguments.reversed()) {
            if (TypeKind.from(argument).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        if (call.opcode() != Opcode.INVOKESTATIC) code.pop();
        if (TypeKind.from(type.returnType()) != TypeKind.VOID) code.loadConstant(result);
    }
}
