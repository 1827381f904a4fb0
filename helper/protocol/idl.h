#pragma once

#include "helper/protocol/varlink.h"

#include <string>
#include <string_view>
#include <vector>

// The Varlink interface description (https://varlink.org/Interface-Definition) of an interface's structs: what
// org.varlink.service.GetInterfaceDescription answers.
namespace rocker::protocol {

template<Interface I>
std::string interfaceDescription();

namespace idl {

struct FieldText {
    std::string key;
    std::string type;
    std::string comment;
};

// Collects the named types while methods are described, each once and before its users.
class Description
{
public:
    bool knows(std::string_view type) const;
    void addStruct(std::string_view name, const std::vector<FieldText>& fields);
    void addEnum(std::string_view name, const std::vector<std::string_view>& values);
    void addMethod(std::string_view name, std::string_view comment, Flow flow, const std::vector<FieldText>& parameters,
                   const std::vector<FieldText>& reply);
    // The whole text, with the errors that every interface of ours may answer.
    std::string text(std::string_view interface, std::string_view comment) const;

private:
    std::vector<std::string> m_known;
    std::string m_types;
    std::string m_methods;
};

// "Container" for rocker::protocol::Container, from the compiler's own spelling of this function's name.
template<typename T>
constexpr std::string_view typeName()
{
    std::string_view name = __PRETTY_FUNCTION__;
    name = name.substr(name.find("T = ") + 4);
    name = name.substr(0, name.find_first_of(";]"));
    return name.substr(name.rfind(':') + 1);
}

template<json::Reflected T>
std::vector<FieldText> fieldTexts(Description& description);

template<typename T>
std::string typeText(Description& description)
{
    if constexpr (json::Reflected<T>) {
        if (!description.knows(typeName<T>()))
            description.addStruct(typeName<T>(), fieldTexts<T>(description));
        return std::string(typeName<T>());
    } else if constexpr (json::NamedEnum<T>) {
        std::vector<std::string_view> values;
        for (const auto& [value, name] : enumNames(T{}))
            values.push_back(name);
        if (!description.knows(typeName<T>()))
            description.addEnum(typeName<T>(), values);
        return std::string(typeName<T>());
    } else if constexpr (json::detail::IsVector<T>::value) {
        return "[]" + typeText<typename T::value_type>(description);
    } else if constexpr (json::detail::IsMap<T>::value) {
        return "[string]" + typeText<typename T::mapped_type>(description);
    } else if constexpr (json::detail::IsOptional<T>::value) {
        return "?" + typeText<typename T::value_type>(description);
    } else if constexpr (std::is_same_v<T, bool>) {
        return "bool";
    } else if constexpr (std::is_integral_v<T>) {
        return "int";
    } else if constexpr (std::is_floating_point_v<T>) {
        return "float";
    } else if constexpr (std::is_same_v<T, std::string>) {
        return "string";
    } else {
        static_assert(std::is_same_v<T, json::Value>, "this type has no Varlink form");
        return "object";
    }
}

template<json::Reflected T>
std::vector<FieldText> fieldTexts(Description& description)
{
    std::vector<FieldText> texts;
    json::forEachField<T>([&]<typename Struct, typename Member>(const json::Field<Struct, Member>& field) {
        std::string type = typeText<Member>(description);
        if (field.presence == json::Presence::Defaulted && !type.starts_with('?'))
            type.insert(0, "?");
        texts.push_back({std::string(field.key), std::move(type), std::string(field.comment)});
    });
    return texts;
}

template<Method... M>
void addMethods(Description& description, MethodList<M...>)
{
    (description.addMethod(M::name, M::comment, M::flow, fieldTexts<typename M::Parameters>(description),
                           fieldTexts<typename M::Reply>(description)),
     ...);
}

} // namespace idl

template<Interface I>
std::string interfaceDescription()
{
    idl::Description description;
    idl::addMethods(description, typename I::Methods{});
    return description.text(I::name, I::comment);
}

} // namespace rocker::protocol
